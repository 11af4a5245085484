# Completion of ff and ./ff for bash: source <(ff completion bash), here or in ~/.bashrc.
_ff_complete() {
    local line=${COMP_LINE:0:COMP_POINT} program=${COMP_WORDS[0]} word
    program=${program/#\~\//$HOME/}
    [[ $line == *[[:space:]]* ]] || return
    word=${line##*[[:space:]]}
    local IFS=$'\n'
    COMPREPLY=($("$program" '[suggest]' "${line#*[[:space:]]}" 2>/dev/null))
    # bash takes = and : for the ends of words, and wants only what comes after the last of them
    local ends=${word%"${word##*[=:]}"}
    if [[ -n $ends && $COMP_WORDBREAKS == *"${ends: -1}"* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"$ends"}")
    fi
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null || true
    fi
}
complete -o bashdefault -o default -F _ff_complete ff
