# Completion of ff and ./ff for fish: ff completion fish | source, here or in ~/.config/fish/config.fish.
function __ff_complete
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l line (string join ' ' -- $words[2..-1] (commandline -ct))
    set -l suggested ($program '[suggest]' "$line" 2>/dev/null)
    if test (count $suggested) -eq 0
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $suggested
    end
end
complete -c ff -f -a '(__ff_complete)'
