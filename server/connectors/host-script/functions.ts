import { environment, exceptions, maxFileBytes, roots } from "./roots.ts";

const inRoots = roots.map((root) => `${root}/*`).join("|");
const searched = environment.PATH.replaceAll(":", " ");

/**
 * The shell functions of a reading script, for any POSIX shell. Built-ins where there is one: a fork costs more than
 * all tests of a file. Frames are told apart by a boundary that only this connection knows; a batch of files is one
 * `head`, which puts its own environment (that holds the boundary) between any two of them.
 *
 * i request · p path · k matches so far · lim their limit · ix requests of the batch · u user id
 */
export const readFunctions = `
n=${maxFileBytes + 1} e=/proc/self/environ at= u=
for H in /usr/bin/head /bin/head head; do [ -x "$H" ] && break; done
tell() { printf '\\n%s r %s %s\\n%s' "$b" "$1" "$i" "$p"; }
many() { printf '\\n%s t %s\\n' "$b" "$i"; }
blocked() { d=\${p%/*}; while [ -n "$d" ]; do if [ -d "$d" ]; then [ ! -x "$d" ]; return; fi; d=\${d%/*}; done; return 1; }
within() {
  case $p in /sys/*|/proc/sys/*|/proc/net/*) return 0;; /proc/*/*) ;; /proc/*) return 0;; esac
  d=\${p%/*}
  [ "$d" = "$at" ] || { at=; cd -P -- "$d" 2>/dev/null || return 0; at=$d; }
  case $PWD/ in ${inRoots}) return 0;; esac
  return 1
}
leads() {
  [ -L "$p" ] || return 0
  case $p in /sys/*|/proc/net/*) return 0;; /proc/*/*) ;; /proc/*) return 0;; esac
  case $(readlink -f -- "$p" 2>/dev/null) in ${inRoots}|${exceptions.join("|")}|'') return 0;; esac
  return 1
}
fits() { k=$((k+1)); [ "$k" -le "$lim" ] && return 0; many; return 1; }
lists() {
  p=$1/.
  if [ -d "$p" ] && [ -x "$p" ] && ! within; then p=$1; tell outside; return 1; fi
  p=$1
  if [ -d "$p" ]; then [ -r "$p" ] && [ -x "$p" ] && return 0; tell list; elif blocked; then tell list; fi
  return 1
}
file() {
  p=$1
  if [ ! -e "$p" ] && [ ! -L "$p" ]; then if blocked; then fits || return 2; tell denied; else tell gone; fi; return 1; fi
  fits || return 2
  within && leads || { tell outside; return 1; }
  if [ -f "$p" ]; then
    if [ ! -r "$p" ]; then tell denied; return 1; fi
    case $p in */environ) one; return 1;; esac
    return 0
  fi
  if [ ! -e "$p" ]; then if [ "\${p#/proc/}" != "$p" ] && [ "$u" != 0 ]; then tell denied; else tell gone; fi
  elif [ -S "$p" ]; then tell gone
  elif [ -d "$p" ] && [ ! -r "$p" ]; then tell denied
  else tell other; fi
  return 1
}
one() {
  printf '\\n%s S %s\\n%s\\0' "$b" "$i" "$p"
  { r=$("$H" -c "$n" -- "$p" 2>&1 >&4); } 4>&1
  printf '\\n%s T %s\\n%s' "$b" "$?" "$r"
}
contents() {
  [ $# -gt 0 ] || return 0
  printf '\\n%s B %s\\n' "$b" "$ix"; printf '%s\\0' "$@"
  if B=$b "$H" -q -c "$n" -- "$e" "$e" "$@" 2>/dev/null; then printf '\\n%s X 0\\n' "$b"; return; fi
  printf '\\n%s X 1\\n' "$b"
  for p in "$@"; do [ "$p" = "$e" ] && continue; i=\${ix%%,*}; ix=\${ix#*,}; one; done
}
link() { p=$1; [ -L "$p" ] || { if blocked; then fits || return 2; tell denied; fi; return 1; }; fits || return 2; within || { tell outside; return 1; }; }
links() {
  [ $# -gt 0 ] || return 0
  if [ -z "$z" ]; then if readlink -z /proc/self/exe >/dev/null 2>&1; then z=1; else z=0; fi; fi
  if [ "$z" = 1 ]; then
    printf '\\n%s L %s\\n' "$b" "$ix"; printf '%s\\0' "$@"
    if readlink -z -- "$@" 2>/dev/null; then printf '\\n%s X 0\\n' "$b"; return; fi
    printf '\\n%s X 1\\n' "$b"
  fi
  for p in "$@"; do
    i=\${ix%%,*}; ix=\${ix#*,}
    printf '\\n%s l %s\\n%s\\0' "$b" "$i" "$p"; readlink -n -- "$p" 2>/dev/null; r=$?; why=
    if [ "$r" != 0 ]; then if [ "$r" = 127 ]; then why=readlink; elif [ -L "$p" ] && [ "$u" != 0 ]; then why='Permission denied'; else why='No such file'; fi; fi
    printf '\\n%s T %s\\n%s' "$b" "$r" "$why"
  done
}
stats() {
  [ $# -gt 0 ] || return 0
  printf '\\n%s A %s\\n' "$b" "$ix"; printf '%s\\0' "$@"
  if stat -c '%f %u %g %s %Y' -- "$@" 2>/dev/null; then printf '\\n%s X 0\\n' "$b"; return; fi
  printf '\\n%s X 1\\n' "$b"
  for p in "$@"; do
    i=\${ix%%,*}; ix=\${ix#*,}
    printf '\\n%s a %s\\n%s\\0' "$b" "$i" "$p"
    { r=$(stat -c '%f %u %g %s %Y' -- "$p" 2>&1 >&4); } 4>&1
    printf '\\n%s T %s\\n%s' "$b" "$?" "$r"
  done
}
entry() {
  p=$1
  if [ ! -e "$p" ] && [ ! -L "$p" ]; then if blocked; then fits || return 2; tell denied; fi; return 1; fi
  fits || return 2
  within || { tell outside; return 1; }
}
whoami() { while read -r x c y; do [ "$x" = Uid: ] && { u=\${y%%[!0-9]*}; break; }; done </proc/self/status; }
tool() {
  p=$1 found=
  case $1 in
    */*) [ -e "$1" ] && found=no; [ -x "$1" ] && [ ! -d "$1" ] && found=yes;;
    *) for d in ${searched}; do
      [ -f "$d/$1" ] && { found=no; [ -x "$d/$1" ] && { found=yes; break; }; }
    done;;
  esac
  case $found in yes) return 0;; no) [ "$2" = root ] && return 0; tell denied;; *) tell tool;; esac
  return 1
}
limited() {
  if [ -x /usr/bin/timeout ] || [ -x /bin/timeout ]; then timeout -k 1 "$l" "$@"; return; fi
  "$@" & w=$!
  ( sleep "$l" & s=$!; trap 'kill "$s"; exit' TERM; wait "$s"; kill -9 "$w" ) >/dev/null 2>&1 & s=$!
  wait "$w"; r=$?; kill "$s" 2>/dev/null; return "$r"
}
clock() { read -r c y </proc/uptime; }
run() {
  i=$1 l=$2 as=$3; shift 3
  tool "$1" "$as" || return 0
  if [ "$as" = root ] && [ "$u" != 0 ]; then tool sudo || return 0; set -- sudo -n -- "$@"; fi
  clock; printf '\\n%s c %s %s\\n' "$b" "$i" "$c"; printf '\\n%s c %s %s\\n' "$b" "$i" "$c" >&2
  { { { limited "$@" >&5 5>&- 6>&-; r=$?; clock; printf '\\n%s x %s %s %s\\n' "$b" "$i" "$r" "$c" >&6; } 2>&1 | "$H" -c "$n" >&6; } 5>&1 </dev/null | "$H" -c "$n"; } 6>&2
  printf '\\n%s d %s\\n' "$b" "$i"
}
`;
