#!/usr/bin/env bash
# Prints the hash of `ff conformance` under every setting of the libraries and the runtime that changes the bits of a run in fp32 or bf16,
# and fails where one is another. Takes some minutes.
set -uo pipefail
cd "$(dirname "$0")/.."
expected=$(./ff conformance --json 2> /dev/null | grep -o '"expected":"[0-9a-f]*"')
wrong=0

try() {
    local told
    told=$(env "$@" ./ff conformance --json 2> /dev/null)
    local hash
    hash=$(grep -o '"hash":"[0-9a-f]*"' <<< "$told")
    printf '%-72s %s\n' "$*" "${hash:8:16}"
    [ "${hash#*:}" = "${expected#*:}" ] || wrong=1
}

try FF_PORTABLE_PRODUCTS=fp32
try FF_PORTABLE_PRODUCTS=bf16
for isa in default avx2 avx512; do try ATEN_CPU_CAPABILITY=$isa; done
for isa in SSE41 AVX2 AVX512_CORE AVX512_CORE_BF16; do
    try ONEDNN_MAX_CPU_ISA=$isa
    try ONEDNN_MAX_CPU_ISA=$isa FF_PORTABLE_PRODUCTS=bf16
done
for branch in COMPATIBLE AVX2 AUTO; do try MKL_CBWR=$branch; done
for isa in SSE4_2 AVX2; do try MKL_ENABLE_INSTRUCTIONS=$isa; done
try DOTNET_EnableAVX512=0
try DOTNET_EnableAVX2=0
try DOTNET_EnableFMA=0
try DOTNET_EnableHWIntrinsic=0
try DOTNET_EnableHWIntrinsic=0 FF_PORTABLE_PRODUCTS=bf16
try GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-AVX
try DOTNET_TieredCompilation=0
for threads in 1 2 5; do try DOTNET_PROCESSOR_COUNT=$threads; done
exit $wrong
