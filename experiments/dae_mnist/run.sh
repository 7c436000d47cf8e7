#!/bin/sh
# Three corruptions at two strengths each; the heavy ones first.
runs=outputs/dae_mnist
study=experiments/dae_mnist
. experiments/steps.sh

train erased_90 experiment=dae_mnist noise.p=0.9 noise.refill=false
train block_16 experiment=dae_mnist noise=block noise.size=16
train blurred_4 experiment=dae_mnist noise=blur noise.radius_px=4
train erased_50 experiment=dae_mnist noise.p=0.5 noise.refill=false
train block_10 experiment=dae_mnist noise=block noise.size=10
train blurred_2 experiment=dae_mnist noise=blur noise.radius_px=2
say grid
python experiments/grid.py $study/grid.png $runs/erased_50 $runs/erased_90 $runs/blurred_2 $runs/blurred_4 \
  $runs/block_10 $runs/block_16
fill $runs $study/grid.png
