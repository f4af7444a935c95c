export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * A script that asks the program itself what may follow (`--get-yargs-completions` of yargs, with the words typed so far), and offers files
 * where it knows nothing.
 */
export function completionScript(shell: Shell): string {
  return `${SCRIPTS[shell].join("\n")}\n`;
}

const SCRIPTS: Readonly<Record<Shell, readonly string[]>> = {
  bash: [
    "# photodrift completion for bash: source <(photodrift completion bash), or save it in /etc/bash_completion.d/photodrift",
    "_photodrift() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}"',
    "  local offered",
    '  offered=$(SHELL=bash photodrift --get-yargs-completions "${COMP_WORDS[@]}" 2>/dev/null)',
    '  mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$current")',
    '  if [ ${#COMPREPLY[@]} -eq 0 ]; then mapfile -t COMPREPLY < <(compgen -f -- "$current"); fi',
    "}",
    "complete -o bashdefault -o default -F _photodrift photodrift",
  ],
  zsh: [
    "#compdef photodrift",
    "# photodrift completion for zsh: save it as _photodrift in a folder of $fpath, or: source <(photodrift completion zsh)",
    "_photodrift() {",
    "  local -a offered",
    '  offered=("${(@f)$(SHELL=zsh photodrift --get-yargs-completions "${words[@]}" 2>/dev/null)}")',
    '  if [[ -n "${offered[1]}" ]]; then _describe photodrift offered; else _files; fi',
    "}",
    'if [[ "${zsh_eval_context[-1]}" == loadautofunc ]]; then _photodrift "$@"; else compdef _photodrift photodrift; fi',
  ],
  fish: [
    "# photodrift completion for fish: photodrift completion fish > ~/.config/fish/completions/photodrift.fish",
    "function __photodrift_complete",
    "    set -lx SHELL zsh",
    "    for offered in (photodrift --get-yargs-completions (commandline -opc) (commandline -ct) 2>/dev/null)",
    "        string replace -r '(?<!\\\\\\\\):' \\t -- $offered",
    "    end",
    "end",
    "complete -c photodrift -a '(__photodrift_complete)'",
  ],
  powershell: [
    "# photodrift completion for PowerShell: add to $PROFILE: photodrift completion powershell | Out-String | Invoke-Expression",
    "Register-ArgumentCompleter -Native -CommandName photodrift -ScriptBlock {",
    "  param($wordToComplete, $commandAst, $cursorPosition)",
    "  $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })",
    "  if ($wordToComplete -eq '') { $words += '' }",
    "  $offered = @(photodrift --get-yargs-completions @words 2>$null)",
    '  $offered | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {',
    "    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)",
    "  }",
    "}",
  ],
};
