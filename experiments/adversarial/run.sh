#!/bin/sh
# The sampler, the denoiser by squared error, a classifier of clean digits, and what the three say together.
runs=outputs/adversarial
study=experiments/adversarial
. experiments/steps.sh

train sampler experiment=adversarial
train mean experiment=adversarial method=denoiser model.in_channels=1 optimizer.betas=[0.9,0.999]
train classifier experiment=stacked_dae data=mnist
say measures
python $study/measures.py $runs/sampler $runs/mean $runs/classifier
fill $study/measures.csv $study/samples.png
