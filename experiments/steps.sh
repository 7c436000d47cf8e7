# What the studies' run.sh are made of (`. experiments/steps.sh`): what is there already is skipped, a run that was
# stopped goes on, so that a study which was killed is taken up by the same command. `runs` is the folder of its runs,
# `study` of its README.
set -e
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"

say() {
  echo "$(date +%H:%M) $runs: $*"
}

# NAME and the words of train.py. A finished run has a summary.yaml, one that was stopped a last.ckpt.
train() {
  name=$1
  shift
  if [ -e "$runs/$name/summary.yaml" ]; then
    say "$name is there"
  elif [ -e "$runs/$name/last.ckpt" ]; then
    say "$name goes on"
    python train.py ckpt="$runs/$name"
  else
    say "$name begins"
    python train.py "$@" hydra.run.dir="$runs/$name"
  fi
}

# NAME, the run that is measured, and the words of evaluate.py.
evaluate() {
  name=$1
  run=$2
  shift 2
  if [ -e "$runs/$name/config.yaml" ]; then
    say "$name is there"
  else
    say "$name: measuring $run"
    python evaluate.py ckpt="$runs/$run" "$@" output="$runs/$name"
  fi
}

# The name of a text file, and a command whose words it keeps.
keep() {
  name=$1
  shift
  if [ -e "$runs/$name" ]; then
    say "$name is there"
  else
    say "$name"
    "$@" >"$runs/.$name"
    mv "$runs/.$name" "$runs/$name"
  fi
}

# The sources of the table in the study's README.
fill() {
  say "README"
  python experiments/fill.py "$study/README.md" "$@"
}
