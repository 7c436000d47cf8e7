#!/bin/sh
# The filters of natural patches under four corruptions; then each set three times: with the published noise (SDAE-3),
# pretrained without noise (SAE-3), without pretraining; then support vector machines. The sets on which noise gained most
# come first, and the README is filled anew after each.
runs=outputs/stacked_dae
study=experiments/stacked_dae
. experiments/steps.sh

patches=experiment=stacked_dae_patches
train patches_weight_decay $patches noise.std=0 optimizer.weight_decay=1e-4
train patches_gaussian $patches noise.std=1
train patches_salt_and_pepper $patches noise=salt_and_pepper noise.low=-2 noise.high=2
train patches_masking $patches noise=bernoulli noise.p=0.55 noise.refill=false
say filters
python $study/filters.py $study/patches.png $runs/patches_weight_decay $runs/patches_gaussian \
  $runs/patches_salt_and_pepper $runs/patches_masking

sets=
for pair in bg-img:0.25 bg-rand:0.4 rot:0.25 rect-img:0.25 basic:0.1 bg-img-rot:0.25 mnist:0.25 convex:0.1 rect:0.1; do
  of=${pair%:*} part=${pair#*:}
  sets="$sets $of"
  case $of in
    mnist) data=data=mnist ;;
    *) data=data.variant=$of ;;
  esac
  train ${of}_sdae experiment=stacked_dae $data noise.p=$part
  train ${of}_sae experiment=stacked_dae $data noise.p=0
  train ${of}_none experiment=stacked_dae $data optimizer=adam optimizer.lr=3e-4
  python $study/table.py $runs
  fill $study/results.csv $study/patches.png
done
python $study/filters.py $study/digits.png $runs/basic_sae $runs/basic_sdae $runs/bg-rand_sae $runs/bg-rand_sdae
for of in $sets; do
  keep ${of}_svm.txt python $study/svm.py $of
done
python $study/table.py $runs
fill $study/results.csv $study/patches.png $study/digits.png
