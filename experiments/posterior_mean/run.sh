#!/bin/sh
# Points by the source's 1 000 passes; digits by the run of dae_mnist (experiments/dae_mnist/run.sh).
set -e
points=outputs/posterior_mean/points
python train.py experiment=posterior_mean budget=full hydra.run.dir=$points
python experiments/posterior_mean/figure.py $points outputs/dae_mnist/erased_90 >outputs/posterior_mean/figures.txt
python experiments/fill.py experiments/posterior_mean/README.md outputs/posterior_mean/figures.txt
