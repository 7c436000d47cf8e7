#!/bin/sh
# Three corruptions at two strengths each.
set -e
runs=outputs/dae_mnist
train() {
  name=$1
  shift
  python train.py experiment=dae_mnist hydra.run.dir=$runs/$name "$@"
}
train erased_50 noise.p=0.5 noise.refill=false
train erased_90 noise.p=0.9 noise.refill=false
train blurred_2 noise=blur noise.radius_px=2
train blurred_4 noise=blur noise.radius_px=4
train block_10 noise=block noise.size=10
train block_16 noise=block noise.size=16
python experiments/fill.py experiments/dae_mnist/README.md $runs
