#!/bin/sh
# Both autoencoders, then 1 000 digits at ten levels by both searches.
runs=outputs/latent_prior
study=experiments/latent_prior
. experiments/steps.sh

train K20 experiment=latent_prior model.latent_dim=20
train K10 experiment=latent_prior model.latent_dim=10
say levels
python $study/levels.py $runs/K10 $runs/K20
fill $study/means.csv $study/levels.png
