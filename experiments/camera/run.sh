#!/bin/sh
# The noise of two sets of pairs measured on one half of each, small networks trained with it and with white noise, and
# all of them measured on the other half. Runs that are there already are not trained again, killed ones go on.
set -e
here=experiments/camera runs=outputs/camera steps=${1:-6000}
cc15=$DENOISELAB_DATA/cc15 polyu=$DENOISELAB_DATA/polyu_cropped
cc15_half='*_1' cc15_other='*_[23]' # of five settings the first scene; the other two
polyu_half='*_[a-f]*_*' polyu_other='*_[Gg-z]*_*' # scenes whose names begin with a to f; the others

calibrate() {
  [ -e $here/"$1".yaml ] || python calibrate.py input="'$2_real.$3'" target="'$2_mean.$3'" output=$here/"$1".yaml
}
train() {
  name=$1 && shift
  if [ -e $runs/"$name"/summary.yaml ]; then return; fi
  if [ -e $runs/"$name"/last.ckpt ]; then python train.py ckpt=$runs/"$name"; return; fi
  python train.py data=bsds500 model=dncnn model.num_features=32 data.batch_size=8 data.crop_size=48 \
    trainer.max_steps="$steps" trainer.limit_test_batches=4 baselines=false "$@" hydra.run.dir=$runs/"$name"
}
compare() {
  python report.py runs="$1" data=pairs data.input="'$2_real.$3'" data.target="'$2_mean.$3'" output=$runs/report_"$4"
}

calibrate cc15 "$cc15/$cc15_half" png
calibrate polyu "$polyu/$polyu_half" JPG
train white noise=gaussian_blind
train cc15 noise=$here/cc15.yaml
train polyu noise=$here/polyu.yaml
train cc15_any noise=$here/cc15.yaml "noise.strength=[0.5,3]"
train polyu_any noise=$here/polyu.yaml "noise.strength=[0.5,3]"
all=$runs/white,$runs/cc15,$runs/polyu,$runs/cc15_any,$runs/polyu_any
compare $all "$cc15/$cc15_other" png cc15
compare $all "$polyu/$polyu_other" JPG polyu
for set in cc15 polyu; do cp $runs/report_$set/comparison.csv $here/$set.csv; done
python experiments/fill.py $here/README.md $here/cc15.csv $here/polyu.csv
