#!/bin/sh
# Networks for photographs, each trained for the same time on the same machine: sh run.sh [SECONDS], on a quiet one.
# How many steps that is, is measured once for each; after a change of machine or time, begin in a new folder.
runs=outputs/quality_per_compute
study=experiments/quality_per_compute
seconds=${1:-1200}
. experiments/steps.sh
mkdir -p $runs

fit() { # NAME and the words that make the network
  of=$1
  shift
  set -- data=bsds500 noise=gaussian_blind loss=l1 data.crop_size=64 data.batch_size=16 baselines=false \
    trainer.limit_test_batches=1 "$@"
  keep "$of.steps" python $study/steps.py "$seconds" "$@"
  train "$of" "$@" trainer.max_steps="$(cat "$runs/$of.steps")"
}

fit dncnn_6 model=dncnn
fit dncnn_15 model=dncnn model.depth=15
fit dudncnn_6 model=dudncnn
fit unet_24 model=unet model.num_features=24 optimizer.lr=5e-4
fit unet_48 model=unet optimizer.lr=5e-4
fit drunet_8 model=drunet optimizer.lr=5e-4 "model.widths=[8,16,32,64]"
fit drunet_16 model=drunet optimizer.lr=5e-4
fit drunet_24 model=drunet optimizer.lr=5e-4 "model.widths=[24,48,96,192]"
fit drunet_32 model=drunet optimizer.lr=5e-4 "model.widths=[32,64,128,256]"
[ -e $runs/report/comparison.csv ] || python report.py runs="$runs/*_*[0-9]" data=cbsd68 noise=gaussian \
  noise.sigma=25 output=$runs/report
say figure
python $study/figure.py $runs "$seconds"
fill $study/results.csv $study/quality.png
