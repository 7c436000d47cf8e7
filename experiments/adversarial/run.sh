#!/bin/sh
# The sampler, the denoiser by squared error, a classifier of clean digits, and what the three say together.
set -e
runs=outputs/adversarial
python train.py experiment=adversarial hydra.run.dir=$runs/sampler
python train.py experiment=adversarial method=denoiser model.in_channels=1 optimizer.betas=[0.9,0.999] \
  hydra.run.dir=$runs/mean
python train.py experiment=stacked_dae data=mnist hydra.run.dir=$runs/classifier
python experiments/adversarial/measures.py $runs/sampler $runs/mean $runs/classifier >$runs/measures.txt
python experiments/fill.py experiments/adversarial/README.md $runs/measures.txt
