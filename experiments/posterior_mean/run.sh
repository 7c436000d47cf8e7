#!/bin/sh
# Points by the source's 1 000 passes; digits by the run of experiments/dae_mnist/run.sh.
runs=outputs/posterior_mean
study=experiments/posterior_mean
. experiments/steps.sh

train points experiment=posterior_mean budget=full
say figures
python $study/figure.py $runs/points outputs/dae_mnist/erased_90
fill $study/errors.csv $study/posterior_mean.png $study/digits.png
