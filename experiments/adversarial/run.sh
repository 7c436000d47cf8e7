#!/bin/sh
# Two samplers, the denoiser by squared error, a classifier of clean digits, and what they say together.
runs=outputs/adversarial
study=experiments/adversarial
. experiments/steps.sh

train gan experiment=adversarial
train flow experiment=adversarial method=flow_sampler model.num_features=1024 \
  optimizer.lr=1e-3 optimizer.betas=[0.9,0.999] steps.cpu=20000
train mean experiment=adversarial method=denoiser optimizer.betas=[0.9,0.999]
train classifier experiment=stacked_dae data=mnist
say measures
python $study/measures.py $runs/mean $runs/classifier $runs/gan $runs/flow
fill $study/measures.csv $study/flow.png $study/gan.png
