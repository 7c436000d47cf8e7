#!/bin/sh
# Three runs for each set: without pretraining, pretrained without noise (SAE-3), with the published noise (SDAE-3).
set -e
runs=outputs/stacked_dae
train() {
  python train.py experiment=stacked_dae $data noise.p=$2 hydra.run.dir=$runs/$1_sdae
  python train.py experiment=stacked_dae $data noise.p=0 hydra.run.dir=$runs/$1_sae
  python train.py experiment=stacked_dae $data optimizer=adam optimizer.lr=3e-4 hydra.run.dir=$runs/$1_none
}
data=data=mnist train mnist 0.25
for pair in basic:0.1 rot:0.25 bg-rand:0.4 bg-img:0.25 bg-img-rot:0.25 rect:0.1 rect-img:0.25 convex:0.1; do
  variant=${pair%:*}
  data=data.variant=$variant train "$variant" "${pair#*:}"
done
python experiments/stacked_dae/svm.py mnist basic rot bg-rand bg-img bg-img-rot rect rect-img convex >$runs/svm.txt
python experiments/stacked_dae/filters.py $runs/basic_sae $runs/basic_sdae $runs/bg-rand_sae $runs/bg-rand_sdae
python experiments/stacked_dae/table.py $runs
python experiments/fill.py experiments/stacked_dae/README.md experiments/stacked_dae/results.csv $runs/svm.txt
