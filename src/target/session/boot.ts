/** How a host comes to a driver: by what it has. */

/**
 * For bash. Says on both outputs that it is there ($1): what a login script or sudo printed before is not a step's. Then
 * becomes the driver, of which two follow: in Perl, of $2 bytes, and in bash, of $3.
 *
 * Perl would tell of a locale that the host has not, and take more options from its environment: they are the steps'.
 */
export const BOOT = String.raw`printf '\036%s\n' "$1"; printf '\036%s\n' "$1" >&2
pb_bash='LC_ALL=C IFS= read -rN "$1" pb_driver && LC_ALL=C IFS= read -rN "$2" pb_driver && eval "$pb_driver"'
if command -v perl >/dev/null; then
  pb_kept=()
  for pb_name in "${'$'}{!PERL@}"; do pb_kept+=("$pb_name=${'$'}{!pb_name}"); unset "$pb_name"; done
  PERL_BADLANG=0 exec perl -e '
    my ($perl, $bash, $in_bash, @kept) = @ARGV;
    delete $ENV{PERL_BADLANG};
    for (@kept) { my ($name, $value) = split /=/, $_, 2; $ENV{$name} = $value }
    eval { require Fcntl } or exec "bash", "-c", $in_bash, "proofbook", $perl, $bash;
    my $driver = "";
    while (length $driver < $perl + $bash) { sysread STDIN, $driver, $perl + $bash - length $driver, length $driver or exit 74 }
    eval substr $driver, 0, $perl;
    die $@ if $@;
  ' "$2" "$3" "$pb_bash" "${'$'}{pb_kept[@]}"
fi
set -- "$2" "$3"
eval "$pb_bash"`
