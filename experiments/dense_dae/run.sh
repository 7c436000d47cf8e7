#!/bin/sh
# Both settings, each measured on noisy and on clean pictures.
runs=outputs/dense_dae
study=experiments/dense_dae
. experiments/steps.sh

train std2_noisy experiment=dense_dae budget=full
evaluate std2_clean std2_noisy noise.sigma=0 baselines=false
train std6_noisy experiment=dense_dae budget=full model.latent_dim=192 noise.sigma=1530
evaluate std6_clean std6_noisy noise.sigma=0 baselines=false
say grid
python experiments/grid.py $study/grid.png $runs/std2_noisy $runs/std6_noisy
fill $runs $study/grid.png
