#!/bin/sh
# Digits; then photographs twice as large, on two test sets; then one network for three scales.
set -e
runs=outputs/super_resolution
python train.py experiment=super_resolution_mnist hydra.run.dir=$runs/digits
python train.py experiment=super_resolution hydra.run.dir=$runs/bsds500_x2
for set in set5 set14; do
  python evaluate.py ckpt=$runs/bsds500_x2 data=$set output=$runs/${set}_x2
done
python train.py experiment=super_resolution_mdsr hydra.run.dir=$runs/mdsr_bsds500_x2
for set in set5 set14; do
  for scale in 2 3 4; do
    python evaluate.py ckpt=$runs/mdsr_bsds500_x2 data=$set noise.scale=$scale protocol.border=$scale \
      output=$runs/mdsr_${set}_x$scale
  done
done
python experiments/fill.py experiments/super_resolution/README.md $runs
cp $runs/set5_x2/pictures.png experiments/super_resolution/set5.png
cp $runs/digits/pictures.png experiments/super_resolution/digits.png
