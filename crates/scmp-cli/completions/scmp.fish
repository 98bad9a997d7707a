# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_scmp_global_optspecs
    string join \n h/help V/version
end

function __fish_scmp_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_scmp_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_scmp_using_subcommand
    set -l cmd (__fish_scmp_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c scmp -n "__fish_scmp_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scmp -n "__fish_scmp_needs_command" -s V -l version -d 'Print version'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "show" -d 'What does this filter do with each system call?'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "why" -d 'Why is this call refused, or allowed?'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "diff" -d 'What do two filters decide differently?'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "test" -d 'Does a filter do what it is meant to do?'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "check" -d 'Is this filter sound?'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "cost" -d 'What does this filter cost?'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "asm" -d 'Writes a filter\'s program as bytes: an array of struct sock_filter'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "disasm" -d 'Prints the programs of a filter as text, as `scmp_bpf_disasm` does'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "completions" -d 'Prints a script that lets a shell complete the command line'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "sim" -d 'Runs a filter on one system call, as the kernel would'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "syscalls" -d 'What is known of a system call?'
complete -c scmp -n "__fish_scmp_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c scmp -n "__fish_scmp_using_subcommand show" -l from -d 'The format of the inputs, instead of a guess by their contents' -r -f -a "raw\t'An array of struct sock_filter, in either byte order'
hex\t'The bytes of such an array as hexadecimal digits'
c\t'C initialisers: `{ 0x20, 0, 0, 4 }, …`'
listing\t'Instructions as text, as `scmp disasm` and `scmp_bpf_disasm` write it'
profile\t'Rules in the language of scmp\'s own profiles'
oci\t'A container\'s profile in JSON: the OCI\'s, docker\'s or podman\'s'
seccompiler\t'The JSON of seccompiler and Firecracker'
minijail\t'A policy of minijail'"
complete -c scmp -n "__fish_scmp_using_subcommand show" -l arch -d 'Architectures: of a profile, the machines for which it is built; of a program, those that are looked at' -r
complete -c scmp -n "__fish_scmp_using_subcommand show" -l cap -d 'Add a capability to those of the container, on which rules may depend: docker\'s set with runc, podman\'s with crun. `none` drops, `all` adds all' -r
complete -c scmp -n "__fish_scmp_using_subcommand show" -l kernel -d 'The machine\'s kernel, on which rules may depend; without it, the newest' -r
complete -c scmp -n "__fish_scmp_using_subcommand show" -l runtime -d 'The program that reads the profile' -r -f -a "runc\t''
crun\t''"
complete -c scmp -n "__fish_scmp_using_subcommand show" -l filter -d 'The category of threads whose filter is meant; without it, all' -r
complete -c scmp -n "__fish_scmp_using_subcommand show" -l compiler -d 'The compiler of seccompiler\'s and Firecracker\'s JSON' -r -f -a "seccompiler\t'The crate of rust-vmm, and Firecracker up to 1.10'
firecracker\t'Firecracker since 1.11'"
complete -c scmp -n "__fish_scmp_using_subcommand show" -l minijail -d 'The program that reads a minijail policy, instead of a guess by its contents' -r -f -a "library\t'libminijail, for minijail0 -S'
compiler\t'compile_seccomp_policy.py'"
complete -c scmp -n "__fish_scmp_using_subcommand show" -l kill -d 'What `kill` means in a minijail policy, and what blocked calls get without @default' -r -f -a "thread\t'As both programs do without options'
process\t'As minijail0 -Y and compile_seccomp_policy.py --use-kill-process do'"
complete -c scmp -n "__fish_scmp_using_subcommand show" -l seconds -d 'How long the program of `run:` may run; then it is killed' -r
complete -c scmp -n "__fish_scmp_using_subcommand show" -l format -d 'The form of the answer' -r -f -a "text\t'For people'
json\t'For programs. The member `schema` says which form of which version it is'"
complete -c scmp -n "__fish_scmp_using_subcommand show" -l all -d 'Name all calls, also the many that get what unknown numbers get'
complete -c scmp -n "__fish_scmp_using_subcommand show" -l html -d 'Write a page for a web browser: a table of all calls, with search, conditions and rules'
complete -c scmp -n "__fish_scmp_using_subcommand show" -l svg -d 'Draw the decision tree of the system call, for the first architecture that has it'
complete -c scmp -n "__fish_scmp_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scmp -n "__fish_scmp_using_subcommand why" -l from -d 'The format of the inputs, instead of a guess by their contents' -r -f -a "raw\t'An array of struct sock_filter, in either byte order'
hex\t'The bytes of such an array as hexadecimal digits'
c\t'C initialisers: `{ 0x20, 0, 0, 4 }, …`'
listing\t'Instructions as text, as `scmp disasm` and `scmp_bpf_disasm` write it'
profile\t'Rules in the language of scmp\'s own profiles'
oci\t'A container\'s profile in JSON: the OCI\'s, docker\'s or podman\'s'
seccompiler\t'The JSON of seccompiler and Firecracker'
minijail\t'A policy of minijail'"
complete -c scmp -n "__fish_scmp_using_subcommand why" -l arch -d 'Architectures: of a profile, the machines for which it is built; of a program, those that are looked at' -r
complete -c scmp -n "__fish_scmp_using_subcommand why" -l cap -d 'Add a capability to those of the container, on which rules may depend: docker\'s set with runc, podman\'s with crun. `none` drops, `all` adds all' -r
complete -c scmp -n "__fish_scmp_using_subcommand why" -l kernel -d 'The machine\'s kernel, on which rules may depend; without it, the newest' -r
complete -c scmp -n "__fish_scmp_using_subcommand why" -l runtime -d 'The program that reads the profile' -r -f -a "runc\t''
crun\t''"
complete -c scmp -n "__fish_scmp_using_subcommand why" -l filter -d 'The category of threads whose filter is meant; without it, all' -r
complete -c scmp -n "__fish_scmp_using_subcommand why" -l compiler -d 'The compiler of seccompiler\'s and Firecracker\'s JSON' -r -f -a "seccompiler\t'The crate of rust-vmm, and Firecracker up to 1.10'
firecracker\t'Firecracker since 1.11'"
complete -c scmp -n "__fish_scmp_using_subcommand why" -l minijail -d 'The program that reads a minijail policy, instead of a guess by its contents' -r -f -a "library\t'libminijail, for minijail0 -S'
compiler\t'compile_seccomp_policy.py'"
complete -c scmp -n "__fish_scmp_using_subcommand why" -l kill -d 'What `kill` means in a minijail policy, and what blocked calls get without @default' -r -f -a "thread\t'As both programs do without options'
process\t'As minijail0 -Y and compile_seccomp_policy.py --use-kill-process do'"
complete -c scmp -n "__fish_scmp_using_subcommand why" -l seconds -d 'How long the program of `run:` may run; then it is killed' -r
complete -c scmp -n "__fish_scmp_using_subcommand why" -l format -d 'The form of the answer' -r -f -a "text\t'For people'
json\t'For programs. The member `schema` says which form of which version it is'"
complete -c scmp -n "__fish_scmp_using_subcommand why" -l audit -d 'Explain the calls in audit records (`type=SECCOMP …`) on standard input'
complete -c scmp -n "__fish_scmp_using_subcommand why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l only -d 'Only where the second filter is stricter or less strict than the first' -r -f -a "looser\t'The second filter lets through what the first one refuses'
tighter\t'The second filter refuses what the first one lets through'"
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l across -d 'Compare the calls of one architecture with those of another, by name. Of a profile, the filters for the two machines are compared' -r
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l from -d 'The format of the inputs, instead of a guess by their contents' -r -f -a "raw\t'An array of struct sock_filter, in either byte order'
hex\t'The bytes of such an array as hexadecimal digits'
c\t'C initialisers: `{ 0x20, 0, 0, 4 }, …`'
listing\t'Instructions as text, as `scmp disasm` and `scmp_bpf_disasm` write it'
profile\t'Rules in the language of scmp\'s own profiles'
oci\t'A container\'s profile in JSON: the OCI\'s, docker\'s or podman\'s'
seccompiler\t'The JSON of seccompiler and Firecracker'
minijail\t'A policy of minijail'"
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l arch -d 'Architectures: of a profile, the machines for which it is built; of a program, those that are looked at' -r
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l cap -d 'Add a capability to those of the container, on which rules may depend: docker\'s set with runc, podman\'s with crun. `none` drops, `all` adds all' -r
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l kernel -d 'The machine\'s kernel, on which rules may depend; without it, the newest' -r
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l runtime -d 'The program that reads the profile' -r -f -a "runc\t''
crun\t''"
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l filter -d 'The category of threads whose filter is meant; without it, all' -r
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l compiler -d 'The compiler of seccompiler\'s and Firecracker\'s JSON' -r -f -a "seccompiler\t'The crate of rust-vmm, and Firecracker up to 1.10'
firecracker\t'Firecracker since 1.11'"
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l minijail -d 'The program that reads a minijail policy, instead of a guess by its contents' -r -f -a "library\t'libminijail, for minijail0 -S'
compiler\t'compile_seccomp_policy.py'"
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l kill -d 'What `kill` means in a minijail policy, and what blocked calls get without @default' -r -f -a "thread\t'As both programs do without options'
process\t'As minijail0 -Y and compile_seccomp_policy.py --use-kill-process do'"
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l seconds -d 'How long the program of `run:` may run; then it is killed' -r
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l format -d 'The form of the answer' -r -f -a "text\t'For people'
json\t'For programs. The member `schema` says which form of which version it is'"
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l html -d 'Write a page for a web browser: the second filter\'s table, with the changes marked'
complete -c scmp -n "__fish_scmp_using_subcommand diff" -l exact-input -d 'Compare exactly what is returned, also the parts of values that the kernel ignores, and print one input and the instructions that it executes; of a second filter that libseccomp\'s rules made, compare with what the rules mean'
complete -c scmp -n "__fish_scmp_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scmp -n "__fish_scmp_using_subcommand test" -l format -d 'The form of the report' -r -f -a "text\t'The Test Anything Protocol'
tap\t'The same'
json\t''
junit\t'XML as continuous integration systems read it'"
complete -c scmp -n "__fish_scmp_using_subcommand test" -l from -d 'The format of the inputs, instead of a guess by their contents' -r -f -a "raw\t'An array of struct sock_filter, in either byte order'
hex\t'The bytes of such an array as hexadecimal digits'
c\t'C initialisers: `{ 0x20, 0, 0, 4 }, …`'
listing\t'Instructions as text, as `scmp disasm` and `scmp_bpf_disasm` write it'
profile\t'Rules in the language of scmp\'s own profiles'
oci\t'A container\'s profile in JSON: the OCI\'s, docker\'s or podman\'s'
seccompiler\t'The JSON of seccompiler and Firecracker'
minijail\t'A policy of minijail'"
complete -c scmp -n "__fish_scmp_using_subcommand test" -l arch -d 'Architectures: of a profile, the machines for which it is built; of a program, those that are looked at' -r
complete -c scmp -n "__fish_scmp_using_subcommand test" -l cap -d 'Add a capability to those of the container, on which rules may depend: docker\'s set with runc, podman\'s with crun. `none` drops, `all` adds all' -r
complete -c scmp -n "__fish_scmp_using_subcommand test" -l kernel -d 'The machine\'s kernel, on which rules may depend; without it, the newest' -r
complete -c scmp -n "__fish_scmp_using_subcommand test" -l runtime -d 'The program that reads the profile' -r -f -a "runc\t''
crun\t''"
complete -c scmp -n "__fish_scmp_using_subcommand test" -l filter -d 'The category of threads whose filter is meant; without it, all' -r
complete -c scmp -n "__fish_scmp_using_subcommand test" -l compiler -d 'The compiler of seccompiler\'s and Firecracker\'s JSON' -r -f -a "seccompiler\t'The crate of rust-vmm, and Firecracker up to 1.10'
firecracker\t'Firecracker since 1.11'"
complete -c scmp -n "__fish_scmp_using_subcommand test" -l minijail -d 'The program that reads a minijail policy, instead of a guess by its contents' -r -f -a "library\t'libminijail, for minijail0 -S'
compiler\t'compile_seccomp_policy.py'"
complete -c scmp -n "__fish_scmp_using_subcommand test" -l kill -d 'What `kill` means in a minijail policy, and what blocked calls get without @default' -r -f -a "thread\t'As both programs do without options'
process\t'As minijail0 -Y and compile_seccomp_policy.py --use-kill-process do'"
complete -c scmp -n "__fish_scmp_using_subcommand test" -l seconds -d 'How long the program of `run:` may run; then it is killed' -r
complete -c scmp -n "__fish_scmp_using_subcommand test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scmp -n "__fish_scmp_using_subcommand check" -l allow -d 'Do not report findings of this kind' -r
complete -c scmp -n "__fish_scmp_using_subcommand check" -l format -d 'The form of the answer' -r -f -a "text\t''
json\t''
sarif\t'As code scanners exchange results (SARIF 2.1.0)'"
complete -c scmp -n "__fish_scmp_using_subcommand check" -l from -d 'The format of the inputs, instead of a guess by their contents' -r -f -a "raw\t'An array of struct sock_filter, in either byte order'
hex\t'The bytes of such an array as hexadecimal digits'
c\t'C initialisers: `{ 0x20, 0, 0, 4 }, …`'
listing\t'Instructions as text, as `scmp disasm` and `scmp_bpf_disasm` write it'
profile\t'Rules in the language of scmp\'s own profiles'
oci\t'A container\'s profile in JSON: the OCI\'s, docker\'s or podman\'s'
seccompiler\t'The JSON of seccompiler and Firecracker'
minijail\t'A policy of minijail'"
complete -c scmp -n "__fish_scmp_using_subcommand check" -l arch -d 'Architectures: of a profile, the machines for which it is built; of a program, those that are looked at' -r
complete -c scmp -n "__fish_scmp_using_subcommand check" -l cap -d 'Add a capability to those of the container, on which rules may depend: docker\'s set with runc, podman\'s with crun. `none` drops, `all` adds all' -r
complete -c scmp -n "__fish_scmp_using_subcommand check" -l kernel -d 'The machine\'s kernel, on which rules may depend; without it, the newest' -r
complete -c scmp -n "__fish_scmp_using_subcommand check" -l runtime -d 'The program that reads the profile' -r -f -a "runc\t''
crun\t''"
complete -c scmp -n "__fish_scmp_using_subcommand check" -l filter -d 'The category of threads whose filter is meant; without it, all' -r
complete -c scmp -n "__fish_scmp_using_subcommand check" -l compiler -d 'The compiler of seccompiler\'s and Firecracker\'s JSON' -r -f -a "seccompiler\t'The crate of rust-vmm, and Firecracker up to 1.10'
firecracker\t'Firecracker since 1.11'"
complete -c scmp -n "__fish_scmp_using_subcommand check" -l minijail -d 'The program that reads a minijail policy, instead of a guess by its contents' -r -f -a "library\t'libminijail, for minijail0 -S'
compiler\t'compile_seccomp_policy.py'"
complete -c scmp -n "__fish_scmp_using_subcommand check" -l kill -d 'What `kill` means in a minijail policy, and what blocked calls get without @default' -r -f -a "thread\t'As both programs do without options'
process\t'As minijail0 -Y and compile_seccomp_policy.py --use-kill-process do'"
complete -c scmp -n "__fish_scmp_using_subcommand check" -l seconds -d 'How long the program of `run:` may run; then it is killed' -r
complete -c scmp -n "__fish_scmp_using_subcommand check" -l list -d 'List the kinds of findings'
complete -c scmp -n "__fish_scmp_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l trace -d 'Weigh the calls as this trace has them: lines of a call\'s name and how often it was made; `#` begins a comment' -r
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l from -d 'The format of the inputs, instead of a guess by their contents' -r -f -a "raw\t'An array of struct sock_filter, in either byte order'
hex\t'The bytes of such an array as hexadecimal digits'
c\t'C initialisers: `{ 0x20, 0, 0, 4 }, …`'
listing\t'Instructions as text, as `scmp disasm` and `scmp_bpf_disasm` write it'
profile\t'Rules in the language of scmp\'s own profiles'
oci\t'A container\'s profile in JSON: the OCI\'s, docker\'s or podman\'s'
seccompiler\t'The JSON of seccompiler and Firecracker'
minijail\t'A policy of minijail'"
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l arch -d 'Architectures: of a profile, the machines for which it is built; of a program, those that are looked at' -r
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l cap -d 'Add a capability to those of the container, on which rules may depend: docker\'s set with runc, podman\'s with crun. `none` drops, `all` adds all' -r
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l kernel -d 'The machine\'s kernel, on which rules may depend; without it, the newest' -r
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l runtime -d 'The program that reads the profile' -r -f -a "runc\t''
crun\t''"
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l filter -d 'The category of threads whose filter is meant; without it, all' -r
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l compiler -d 'The compiler of seccompiler\'s and Firecracker\'s JSON' -r -f -a "seccompiler\t'The crate of rust-vmm, and Firecracker up to 1.10'
firecracker\t'Firecracker since 1.11'"
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l minijail -d 'The program that reads a minijail policy, instead of a guess by its contents' -r -f -a "library\t'libminijail, for minijail0 -S'
compiler\t'compile_seccomp_policy.py'"
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l kill -d 'What `kill` means in a minijail policy, and what blocked calls get without @default' -r -f -a "thread\t'As both programs do without options'
process\t'As minijail0 -Y and compile_seccomp_policy.py --use-kill-process do'"
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l seconds -d 'How long the program of `run:` may run; then it is killed' -r
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l format -d 'The form of the answer' -r -f -a "text\t'For people'
json\t'For programs. The member `schema` says which form of which version it is'"
complete -c scmp -n "__fish_scmp_using_subcommand cost" -l all -d 'Say it for each call'
complete -c scmp -n "__fish_scmp_using_subcommand cost" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scmp -n "__fish_scmp_using_subcommand asm" -s o -l output -d 'Where to write the bytes, instead of standard output' -r -F
complete -c scmp -n "__fish_scmp_using_subcommand asm" -l endian -d 'The byte order, instead of that of the filter' -r -f -a "little\t''
big\t''"
complete -c scmp -n "__fish_scmp_using_subcommand asm" -l from -d 'The format of the inputs, instead of a guess by their contents' -r -f -a "raw\t'An array of struct sock_filter, in either byte order'
hex\t'The bytes of such an array as hexadecimal digits'
c\t'C initialisers: `{ 0x20, 0, 0, 4 }, …`'
listing\t'Instructions as text, as `scmp disasm` and `scmp_bpf_disasm` write it'
profile\t'Rules in the language of scmp\'s own profiles'
oci\t'A container\'s profile in JSON: the OCI\'s, docker\'s or podman\'s'
seccompiler\t'The JSON of seccompiler and Firecracker'
minijail\t'A policy of minijail'"
complete -c scmp -n "__fish_scmp_using_subcommand asm" -l arch -d 'Architectures: of a profile, the machines for which it is built; of a program, those that are looked at' -r
complete -c scmp -n "__fish_scmp_using_subcommand asm" -l cap -d 'Add a capability to those of the container, on which rules may depend: docker\'s set with runc, podman\'s with crun. `none` drops, `all` adds all' -r
complete -c scmp -n "__fish_scmp_using_subcommand asm" -l kernel -d 'The machine\'s kernel, on which rules may depend; without it, the newest' -r
complete -c scmp -n "__fish_scmp_using_subcommand asm" -l runtime -d 'The program that reads the profile' -r -f -a "runc\t''
crun\t''"
complete -c scmp -n "__fish_scmp_using_subcommand asm" -l filter -d 'The category of threads whose filter is meant; without it, all' -r
complete -c scmp -n "__fish_scmp_using_subcommand asm" -l compiler -d 'The compiler of seccompiler\'s and Firecracker\'s JSON' -r -f -a "seccompiler\t'The crate of rust-vmm, and Firecracker up to 1.10'
firecracker\t'Firecracker since 1.11'"
complete -c scmp -n "__fish_scmp_using_subcommand asm" -l minijail -d 'The program that reads a minijail policy, instead of a guess by its contents' -r -f -a "library\t'libminijail, for minijail0 -S'
compiler\t'compile_seccomp_policy.py'"
complete -c scmp -n "__fish_scmp_using_subcommand asm" -l kill -d 'What `kill` means in a minijail policy, and what blocked calls get without @default' -r -f -a "thread\t'As both programs do without options'
process\t'As minijail0 -Y and compile_seccomp_policy.py --use-kill-process do'"
complete -c scmp -n "__fish_scmp_using_subcommand asm" -l seconds -d 'How long the program of `run:` may run; then it is killed' -r
complete -c scmp -n "__fish_scmp_using_subcommand asm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scmp -n "__fish_scmp_using_subcommand disasm" -l from -d 'The format of the inputs, instead of a guess by their contents' -r -f -a "raw\t'An array of struct sock_filter, in either byte order'
hex\t'The bytes of such an array as hexadecimal digits'
c\t'C initialisers: `{ 0x20, 0, 0, 4 }, …`'
listing\t'Instructions as text, as `scmp disasm` and `scmp_bpf_disasm` write it'
profile\t'Rules in the language of scmp\'s own profiles'
oci\t'A container\'s profile in JSON: the OCI\'s, docker\'s or podman\'s'
seccompiler\t'The JSON of seccompiler and Firecracker'
minijail\t'A policy of minijail'"
complete -c scmp -n "__fish_scmp_using_subcommand disasm" -l arch -d 'Architectures: of a profile, the machines for which it is built; of a program, those that are looked at' -r
complete -c scmp -n "__fish_scmp_using_subcommand disasm" -l cap -d 'Add a capability to those of the container, on which rules may depend: docker\'s set with runc, podman\'s with crun. `none` drops, `all` adds all' -r
complete -c scmp -n "__fish_scmp_using_subcommand disasm" -l kernel -d 'The machine\'s kernel, on which rules may depend; without it, the newest' -r
complete -c scmp -n "__fish_scmp_using_subcommand disasm" -l runtime -d 'The program that reads the profile' -r -f -a "runc\t''
crun\t''"
complete -c scmp -n "__fish_scmp_using_subcommand disasm" -l filter -d 'The category of threads whose filter is meant; without it, all' -r
complete -c scmp -n "__fish_scmp_using_subcommand disasm" -l compiler -d 'The compiler of seccompiler\'s and Firecracker\'s JSON' -r -f -a "seccompiler\t'The crate of rust-vmm, and Firecracker up to 1.10'
firecracker\t'Firecracker since 1.11'"
complete -c scmp -n "__fish_scmp_using_subcommand disasm" -l minijail -d 'The program that reads a minijail policy, instead of a guess by its contents' -r -f -a "library\t'libminijail, for minijail0 -S'
compiler\t'compile_seccomp_policy.py'"
complete -c scmp -n "__fish_scmp_using_subcommand disasm" -l kill -d 'What `kill` means in a minijail policy, and what blocked calls get without @default' -r -f -a "thread\t'As both programs do without options'
process\t'As minijail0 -Y and compile_seccomp_policy.py --use-kill-process do'"
complete -c scmp -n "__fish_scmp_using_subcommand disasm" -l seconds -d 'How long the program of `run:` may run; then it is killed' -r
complete -c scmp -n "__fish_scmp_using_subcommand disasm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scmp -n "__fish_scmp_using_subcommand completions" -s h -l help -d 'Print help'
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l instruction-pointer -d 'The address of the calling instruction' -r
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l from -d 'The format of the inputs, instead of a guess by their contents' -r -f -a "raw\t'An array of struct sock_filter, in either byte order'
hex\t'The bytes of such an array as hexadecimal digits'
c\t'C initialisers: `{ 0x20, 0, 0, 4 }, …`'
listing\t'Instructions as text, as `scmp disasm` and `scmp_bpf_disasm` write it'
profile\t'Rules in the language of scmp\'s own profiles'
oci\t'A container\'s profile in JSON: the OCI\'s, docker\'s or podman\'s'
seccompiler\t'The JSON of seccompiler and Firecracker'
minijail\t'A policy of minijail'"
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l arch -d 'Architectures: of a profile, the machines for which it is built; of a program, those that are looked at' -r
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l cap -d 'Add a capability to those of the container, on which rules may depend: docker\'s set with runc, podman\'s with crun. `none` drops, `all` adds all' -r
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l kernel -d 'The machine\'s kernel, on which rules may depend; without it, the newest' -r
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l runtime -d 'The program that reads the profile' -r -f -a "runc\t''
crun\t''"
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l filter -d 'The category of threads whose filter is meant; without it, all' -r
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l compiler -d 'The compiler of seccompiler\'s and Firecracker\'s JSON' -r -f -a "seccompiler\t'The crate of rust-vmm, and Firecracker up to 1.10'
firecracker\t'Firecracker since 1.11'"
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l minijail -d 'The program that reads a minijail policy, instead of a guess by its contents' -r -f -a "library\t'libminijail, for minijail0 -S'
compiler\t'compile_seccomp_policy.py'"
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l kill -d 'What `kill` means in a minijail policy, and what blocked calls get without @default' -r -f -a "thread\t'As both programs do without options'
process\t'As minijail0 -Y and compile_seccomp_policy.py --use-kill-process do'"
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l seconds -d 'How long the program of `run:` may run; then it is killed' -r
complete -c scmp -n "__fish_scmp_using_subcommand sim" -l format -d 'The form of the answer' -r -f -a "text\t'For people'
json\t'For programs. The member `schema` says which form of which version it is'"
complete -c scmp -n "__fish_scmp_using_subcommand sim" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scmp -n "__fish_scmp_using_subcommand syscalls" -l arch -d 'Only these architectures; for the list of all calls, this machine\'s if none is given' -r
complete -c scmp -n "__fish_scmp_using_subcommand syscalls" -l format -d 'The form of the answer' -r -f -a "text\t'For people'
json\t'For programs. The member `schema` says which form of which version it is'"
complete -c scmp -n "__fish_scmp_using_subcommand syscalls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "show" -d 'What does this filter do with each system call?'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "why" -d 'Why is this call refused, or allowed?'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "diff" -d 'What do two filters decide differently?'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "test" -d 'Does a filter do what it is meant to do?'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "check" -d 'Is this filter sound?'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "cost" -d 'What does this filter cost?'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "asm" -d 'Writes a filter\'s program as bytes: an array of struct sock_filter'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "disasm" -d 'Prints the programs of a filter as text, as `scmp_bpf_disasm` does'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "completions" -d 'Prints a script that lets a shell complete the command line'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "sim" -d 'Runs a filter on one system call, as the kernel would'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "syscalls" -d 'What is known of a system call?'
complete -c scmp -n "__fish_scmp_using_subcommand help; and not __fish_seen_subcommand_from show why diff test check cost asm disasm completions sim syscalls help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
