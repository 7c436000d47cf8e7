#!/bin/sh
# Both autoencoders, then 1 000 digits at ten levels by both searches.
set -e
runs=outputs/latent_prior
for k in 10 20; do
  python train.py experiment=latent_prior model.latent_dim=$k hydra.run.dir=$runs/K$k
done
python experiments/latent_prior/levels.py $runs/K10 $runs/K20
python experiments/fill.py experiments/latent_prior/README.md experiments/latent_prior/means.csv
