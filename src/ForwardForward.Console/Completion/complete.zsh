# Completion of ff and ./ff for zsh: source <(ff completion zsh), here or in ~/.zshrc.
_ff_complete() {
    local program=${(Q)words[1]/#\~\//$HOME/} line=${(j: :)${words[2,CURRENT-1]}}
    local -a suggested open
    line=${line:+$line }${words[CURRENT]}
    suggested=(${(f)"$("$program" '[suggest]' "$line" 2>/dev/null)"})
    open=(${(M)suggested:#*=})
    suggested=(${suggested:#*=})
    if (( $#suggested + $#open == 0 )); then
        _files
        return
    fi
    compadd -a suggested
    compadd -S '' -a open
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _ff_complete ff
