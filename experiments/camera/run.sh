#!/bin/sh
# The noise of two sets of pairs measured on one half of each, small networks trained with it and with white noise, one
# on pairs themselves, and all of them measured on the other half.
runs=outputs/camera
study=experiments/camera
. experiments/steps.sh

cc15=$DENOISELAB_DATA/cc15 polyu=$DENOISELAB_DATA/polyu_cropped
cc15_half='*_1' cc15_other='*_[23]' # of five settings the first scene; the other two
polyu_half='*_[a-f]*_*' polyu_other='*_[Gg-z]*_*' # scenes whose names begin with a to f; the others

calibrate() {
  [ -e $study/"$1".yaml ] || python calibrate.py input="'$2_real.$3'" target="'$2_mean.$3'" output=$study/"$1".yaml
}
fit() {
  of=$1
  shift
  train "$of" data=bsds500 model=dncnn model.num_features=32 data.batch_size=8 data.crop_size=48 \
    trainer.max_steps=6000 trainer.limit_test_batches=4 baselines=false "$@"
}
compare() {
  report=$runs/measured_$1
  [ -e "$report"/comparison.csv ] ||
    python report.py runs="$all" data=pairs data.input="'$2_real.$3'" data.target="'$2_mean.$3'" output="$report"
  cp "$report"/comparison.csv $study/"$1".csv
}

calibrate cc15 "$cc15/$cc15_half" png
calibrate polyu "$polyu/$polyu_half" JPG
fit white noise=gaussian_blind
fit cc15 noise=$study/cc15.yaml
fit polyu noise=$study/polyu.yaml
fit cc15_any noise=$study/cc15.yaml "noise.strength=[0.5,3]"
fit polyu_any noise=$study/polyu.yaml "noise.strength=[0.5,3]"
train pairs weights=builtin/rgb data=pairs data.input="'$cc15/${cc15_half}_real.png'" \
  data.target="'$cc15/${cc15_half}_mean.png'" data.held_out=0 data.batch_size=8 trainer.max_steps=600 baselines=false
all=$runs/white,$runs/cc15,$runs/polyu,$runs/cc15_any,$runs/polyu_any,$runs/pairs,builtin/camera
compare cc15 "$cc15/$cc15_other" png
compare polyu "$polyu/$polyu_other" JPG
all=$runs/pairs,builtin/camera # the noise of the others was measured on these
compare d800 "$polyu/N$polyu_half" JPG
fill $study/cc15.csv $study/polyu.csv
