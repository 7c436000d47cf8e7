#!/bin/sh
# Photographs twice as large, on two test sets and the package's own; digits; then one network for three scales.
runs=outputs/super_resolution
study=experiments/super_resolution
. experiments/steps.sh

train bsds500_x2 experiment=super_resolution
for set in set5 set14 photos; do
  evaluate ${set}_x2 bsds500_x2 data=$set
done
train digits experiment=super_resolution_mnist
train mdsr_bsds500_x2 experiment=super_resolution_mdsr
for set in set5 set14; do
  for scale in 2 3 4; do
    evaluate mdsr_${set}_x$scale mdsr_bsds500_x2 data=$set noise.scale=$scale protocol.border=$scale
  done
done
for shown in photos_x2 digits; do
  cp $runs/$shown/pictures.png $study/$shown.png
done
fill $runs $study/photos_x2.png $study/digits.png
