#!/bin/sh
# Both settings, each measured on noisy and on clean pictures.
set -e
runs=outputs/dense_dae
python train.py experiment=dense_dae hydra.run.dir=$runs/std2_noisy
python train.py experiment=dense_dae model.latent_dim=192 noise.sigma=1530 hydra.run.dir=$runs/std6_noisy
for std in 2 6; do
  python evaluate.py ckpt=$runs/std${std}_noisy noise.sigma=0 baselines=false output=$runs/std${std}_clean
done
python experiments/fill.py experiments/dense_dae/README.md $runs
