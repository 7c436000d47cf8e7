#!/bin/sh
# Every experiment of the Noise2Noise paper with noisy and with clean targets, and losses that don't fit beside those
# that do. Runs that are there already are not trained again.
set -e
runs=outputs/n2n
train() {
  name=$1 && shift
  [ -e $runs/"$name"/summary.yaml ] || python train.py "$@" baselines=false hydra.run.dir=$runs/"$name"
}
compare() {
  name=$1 && shift
  python report.py "$@" output=$runs/report_"$name"
}
forced=supervision.force=true

for noise in gaussian poisson bernoulli; do
  train $noise experiment=n2n_$noise
  train ${noise}_clean experiment=n2n_$noise supervision=clean
  compare $noise runs=$runs/${noise}_clean,$runs/$noise data=bsds500,kodak24,set14
done

train text_l1 experiment=n2n_text
train text_l2 experiment=n2n_text loss=l2 $forced
train text_clean experiment=n2n_text loss=l2 supervision=clean
compare text runs=$runs/text_clean,$runs/text_l1,$runs/text_l2 data=bsds500,kodak24

train impulse_l0 experiment=n2n_impulse
train impulse_l1 experiment=n2n_impulse loss=l1 $forced
train impulse_l2 experiment=n2n_impulse loss=l2 $forced
train impulse_clean experiment=n2n_impulse loss=l2 supervision=clean
compare impulse runs=$runs/impulse_clean,$runs/impulse_l0,$runs/impulse_l1,$runs/impulse_l2 data=bsds500,kodak24

train mc_hdr_t experiment=n2n_montecarlo
train mc_clean experiment=n2n_montecarlo supervision=clean
compare mc runs=$runs/mc_clean,$runs/mc_hdr_t

# The losses at one sample a pixel, where noise is heavy enough to tell them apart.
train mc1_hdr_t experiment=n2n_montecarlo noise.samples=1
train mc1_hdr experiment=n2n_montecarlo noise.samples=1 method=denoiser $forced
train mc1_l2_t experiment=n2n_montecarlo noise.samples=1 loss=l2 $forced
train mc1_l2 experiment=n2n_montecarlo noise.samples=1 loss=l2 method=denoiser $forced
train mc1_l2_both experiment=n2n_montecarlo noise.samples=1 loss=l2 method=tone_mapped $forced
compare mc1 runs=$runs/mc1_hdr_t,$runs/mc1_hdr,$runs/mc1_l2_t,$runs/mc1_l2,$runs/mc1_l2_both

train mri experiment=n2n_mri
train mri_clean experiment=n2n_mri supervision=clean
compare mri runs=$runs/mri_clean,$runs/mri

train miniproject experiment=n2n_miniproject
train miniproject_clean experiment=n2n_miniproject supervision=clean
compare miniproject runs=$runs/miniproject_clean,$runs/miniproject

for seed in 1 2; do
  train gaussian_$seed experiment=n2n_gaussian seed=$seed
  train gaussian_clean_$seed experiment=n2n_gaussian supervision=clean seed=$seed
  train text_l1_$seed experiment=n2n_text seed=$seed
  train text_l2_$seed experiment=n2n_text loss=l2 $forced seed=$seed
done
