#!/bin/sh
# Every experiment of the Noise2Noise paper with noisy and with clean targets, and losses that don't fit beside those
# that do.
runs=outputs/n2n
study=experiments/n2n
. experiments/steps.sh
forced=supervision.force=true
alone=baselines=false # the classical methods are measured once for each noise

compare() { # NAME and the words of report.py; the first run is the reference
  name=$1
  shift
  [ -e $runs/report_"$name"/comparison.csv ] || python report.py "$@" $alone output=$runs/report_"$name"
}

for noise in gaussian poisson bernoulli; do
  train $noise experiment=n2n_$noise
  train ${noise}_clean experiment=n2n_$noise supervision=clean $alone
  compare $noise runs=$runs/${noise}_clean,$runs/$noise data=bsds500,kodak24,set14,photos
done

train text_l1 experiment=n2n_text
train text_l2 experiment=n2n_text loss=l2 $forced $alone
train text_clean experiment=n2n_text loss=l2 supervision=clean $alone
compare text runs=$runs/text_clean,$runs/text_l1,$runs/text_l2 data=bsds500,kodak24,photos

train impulse_l0 experiment=n2n_impulse
train impulse_l1 experiment=n2n_impulse loss=l1 $forced $alone
train impulse_l2 experiment=n2n_impulse loss=l2 $forced $alone
train impulse_clean experiment=n2n_impulse loss=l2 supervision=clean $alone
compare impulse runs=$runs/impulse_clean,$runs/impulse_l0,$runs/impulse_l1,$runs/impulse_l2 data=bsds500,kodak24,photos

renders() { # the five losses of the paper: a NAME to begin with, and words
  set=$1
  shift
  train "$set"_hdr_t experiment=n2n_montecarlo "$@"
  train "$set"_hdr experiment=n2n_montecarlo "$@" method=denoiser $forced $alone
  train "$set"_l2_t experiment=n2n_montecarlo "$@" loss=l2 $forced $alone
  train "$set"_l2 experiment=n2n_montecarlo "$@" loss=l2 method=denoiser $forced $alone
  train "$set"_l2_both experiment=n2n_montecarlo "$@" loss=l2 method=tone_mapped $forced $alone
}

five() { # their folders
  for loss in hdr_t hdr l2_t l2 l2_both; do printf ,%s_%s "$runs/$1" $loss; done
}

renders mc
train mc_clean experiment=n2n_montecarlo supervision=clean $alone
compare mc runs="$runs/mc_clean$(five mc)"
renders mc1 noise.samples=1 # noise heavy enough to tell the losses apart
compare mc1 runs="$(five mc1 | cut -c2-)"
for seed in 1 2; do
  renders mc1_s$seed noise.samples=1 seed=$seed
done

for source in mri miniproject; do
  train $source experiment=n2n_$source
  train ${source}_clean experiment=n2n_$source supervision=clean $alone
  compare $source runs=$runs/${source}_clean,$runs/$source
done

train one_image experiment=n2n_one_image budget=full

for seed in 1 2; do
  train text_l1_$seed experiment=n2n_text seed=$seed $alone
  train text_l2_$seed experiment=n2n_text loss=l2 $forced seed=$seed $alone
done

# L2 with tone-mapped input ends below L2: is it the rate, or the optimizer?
adam="optimizer=adam optimizer.lr=3e-4 optimizer.betas=[0.9,0.99]"
train mc_l2_t_slow experiment=n2n_montecarlo loss=l2 optimizer.lr=5e-5 $forced $alone
train mc_l2_t_adam experiment=n2n_montecarlo loss=l2 $adam $forced $alone
train mc_l2_adam experiment=n2n_montecarlo loss=l2 method=denoiser $adam $forced $alone

# Where an order of the paper does not appear: four times the steps.
train mc1_hdr_t_x4 experiment=n2n_montecarlo noise.samples=1 steps.cpu=12000 $alone
train impulse_l0_x4 experiment=n2n_impulse steps.cpu=12000 $alone
train impulse_l1_x4 experiment=n2n_impulse loss=l1 steps.cpu=12000 $forced $alone
train mc1_hdr_x4 experiment=n2n_montecarlo noise.samples=1 method=denoiser steps.cpu=12000 $forced $alone
fill $runs
