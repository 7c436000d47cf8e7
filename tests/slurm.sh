#!/usr/bin/env bash
# A Slurm of two nodes on this machine, for the time of one command:  tests/slurm.sh COMMAND …
# All of it lies in a folder of its own and runs as the user who starts it. It needs Debian's slurm-wlm, munge,
# slurmdbd and mariadb-server; without the accounting of the last two nobody would hear of a job that was killed.
set -euo pipefail
export PATH=$PATH:/usr/sbin
for program in munged mariadbd slurmdbd slurmctld slurmd; do
  command -v $program >/dev/null || {
    echo "$program is missing: apt-get install --no-install-recommends slurm-wlm munge slurmdbd mariadb-server" >&2
    exit 1
  }
done

folder=$(mktemp -d) user=$(id -un) host=$(hostname -s)
export SLURM_CONF=$folder/slurm.conf
mkdir "$folder"/{db,state,munge}
stop() {
  scancel --quiet --user="$user" || true
  kill $(jobs -p) 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap stop EXIT

cat >"$SLURM_CONF" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
SlurmctldPort=16817
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/%n.pid
SlurmdSpoolDir=$folder/%n
SlurmdParameters=config_overrides
StateSaveLocation=$folder/state
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
KillWait=10
JobAcctGatherType=jobacct_gather/linux
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=16819
AccountingStoragePass=$folder/munge/socket
NodeName=node[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=[16821-16822] CPUs=4
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
cat >"$folder/slurmdbd.conf" <<END
DbdHost=localhost
DbdPort=16819
SlurmUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
PidFile=$folder/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=16820
StorageUser=slurm
StoragePass=slurm
StorageLoc=slurm
END
chmod 600 "$folder/slurmdbd.conf"

until_it_answers() {
  for _ in {1..300}; do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  echo "no answer to: $*" >&2
  cat "$folder"/*.log >&2
  exit 1
}

cd "$folder/munge"
dd if=/dev/urandom of=key bs=1024 count=1 status=none
chmod 600 key
munged --foreground --force --key-file=key --socket="$PWD/socket" --pid-file="$PWD/pid" --log-file="$PWD/log" \
  --seed-file="$PWD/seed" >"$folder/munged.log" 2>&1 &
cd - >/dev/null
mariadb-install-db --no-defaults --user="$user" --datadir="$folder/db" >"$folder/install.log" 2>&1
mariadbd --no-defaults --user="$user" --datadir="$folder/db" --socket="$folder/db/socket" --bind-address=127.0.0.1 \
  --port=16820 --skip-name-resolve >"$folder/mariadbd.log" 2>&1 &
sql() { mariadb --no-defaults --socket="$folder/db/socket" --user="$user" --execute="$1"; }
until_it_answers sql "create or replace user slurm@127.0.0.1 identified by 'slurm'; grant all on slurm.* to slurm@127.0.0.1"
slurmdbd -D >"$folder/slurmdbd.log" 2>&1 &
until_it_answers sacctmgr --immediate add cluster test
slurmctld -D -c >"$folder/slurmctld.log" 2>&1 &
for node in node1 node2; do slurmd -D -N $node >"$folder/$node.log" 2>&1 & done
until_it_answers sh -c 'sinfo --noheader --format=%T | grep -qx idle'

"$@"
