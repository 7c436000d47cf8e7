#!/bin/sh
# Every experiment of the Noise2Noise paper with noisy and with clean targets, and losses that don't fit beside those
# that do. Runs that are there already are not trained again; one that was cut goes on.
set -e
runs=outputs/n2n
forced=supervision.force=true
alone=baselines=false # the classical methods are measured once for each noise

train() {
  run=$runs/$1 && shift
  [ ! -e "$run"/summary.yaml ] || return 0
  if [ -e "$run"/last.ckpt ]; then python train.py ckpt="$run"; else python train.py "$@" hydra.run.dir="$run"; fi
}

compare() { # the runs of one name beside those with clean targets, the first of which is the reference
  name=$1 && shift
  python report.py "$@" $alone output=$runs/report_"$name"
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

renders() { # the five losses of the paper: NAME OPTIONS...
  name=$1 && shift
  train "$name"_hdr_t experiment=n2n_montecarlo "$@"
  train "$name"_hdr experiment=n2n_montecarlo "$@" method=denoiser $forced $alone
  train "$name"_l2_t experiment=n2n_montecarlo "$@" loss=l2 $forced $alone
  train "$name"_l2 experiment=n2n_montecarlo "$@" loss=l2 method=denoiser $forced $alone
  train "$name"_l2_both experiment=n2n_montecarlo "$@" loss=l2 method=tone_mapped $forced $alone
}

renders mc
train mc_clean experiment=n2n_montecarlo supervision=clean $alone
compare mc runs=$runs/mc_clean,"$runs/mc_hdr*,$runs/mc_l2*"
for seed in 0 1 2; do # at one sample a pixel the noise is heavy enough to tell the losses apart
  renders mc1_$seed noise.samples=1 seed=$seed
done
compare mc1 runs="$runs/mc1_0*"

for source in mri miniproject; do
  train $source experiment=n2n_$source
  train ${source}_clean experiment=n2n_$source supervision=clean $alone
  compare $source runs=$runs/${source}_clean,$runs/$source
done

for seed in 1 2; do
  train text_l1_$seed experiment=n2n_text seed=$seed $alone
  train text_l2_$seed experiment=n2n_text loss=l2 $forced seed=$seed $alone
done

# Where an order of the paper does not appear: four times the steps.
train mc1_hdr_t_x4 experiment=n2n_montecarlo noise.samples=1 steps.cpu=12000 $alone
train mc1_hdr_x4 experiment=n2n_montecarlo noise.samples=1 method=denoiser steps.cpu=12000 $forced $alone
