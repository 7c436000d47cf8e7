#!/bin/sh
# The networks in the package: trained, measured beside the classical methods and on pairs from real cameras. BM3D is among
# them where it is installed (pip install bm3d); it takes three hours of a core.
runs=outputs/builtin
study=experiments/builtin
. experiments/steps.sh

measure() { # SET, on which the network NAME is measured
  for sigma in 15 25 50; do
    [ -e "$runs/on_$1_$sigma/comparison.csv" ] ||
      python report.py runs="$runs/$2" data="$1" noise=gaussian noise.sigma=$sigma output="$runs/on_$1_$sigma"
  done
}
compare() { # SET and the pattern of its noisy pictures, up to what tells them from the means
  [ -e "$runs/on_$1/comparison.csv" ] ||
    python report.py runs="$runs/rgb,$runs/camera" data=pairs data.input="'$2_real.$3'" data.target="'$2_mean.$3'" \
      output="$runs/on_$1"
}

for name in gray rgb camera; do
  train $name experiment=builtin_$name baselines=false
done
measure set12 gray
measure bsd68 gray
measure cbsd68 rgb
measure kodak24 rgb
compare cc15 "$DENOISELAB_DATA/cc15/*_[23]" png # the first scene of every setting is what the noise was measured on
compare polyu "$DENOISELAB_DATA/polyu_cropped/[!N]*" JPG # without the Nikon D800, which is one of CC15's too
python $study/tables.py $runs
python $study/clipped.py
fill $study/gray.csv $study/colour.csv $study/cc15.csv $study/polyu.csv $study/clipped.csv
