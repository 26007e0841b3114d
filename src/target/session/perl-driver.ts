/**
 * The Perl program that runs on a host for as long as a session lasts and starts each step as a process of its own.
 * It needs a Linux with /proc and what every Debian has as `perl-base`, of whose modules only Fcntl. Where that is
 * missing the bash driver does the same, and a step takes a quarter more time (boot.ts).
 *
 * One process waits for all there is to wait for: frames, the outputs of a step, its end, its time limit. It never
 * blocks on an output of the session: a connection that takes nothing must not keep a step from being ended.
 *
 * Descriptors above 3 close on exec: a step gets 0 to 3 and nothing else.
 */
import { END } from './end.ts'
import { DRAIN, GRACE_S, RUN_VARIABLE } from './limits.ts'

/** Bytes that are read at a time: what a pipe holds. */
const CHUNK = 65_536

/** Seconds for outputs that a slow connection takes its time with, at most: what is left is less than 200 kB. */
const SLOW = 20

/** Seconds between two looks for an end that no descriptor tells. */
const LOOK = 0.05

/** Numbers of Linux. */
const EINTR = 4
const EAGAIN = 11

/** Descriptor 3 is a step's script. Then what the session sends, and the time since the machine started: no clock that somebody sets. */
const INPUT = String.raw`
$^F = 3;
open my $taken, '<&=', 3 and close $taken;
open THREE, '<', '/dev/null' and fileno THREE == 3 or die "descriptor 3 is taken\n";
open my $null, '+<', '/dev/null' or die "/dev/null: $!\n";
$SIG{$_} = sub { } for 'HUP', 'INT', 'TERM', 'PIPE', 'CHLD';
my $sent = '';
sub more {
  my $got;
  do { $got = sysread STDIN, $sent, ${CHUNK}, length $sent } until defined $got || $! != ${EINTR};
  $got;
}
sub take {
  my ($size) = @_;
  while (length $sent < $size) { more() or return undef }
  substr $sent, 0, $size, '';
}
sub line {
  while (index($sent, "\n") < 0) { more() or return undef }
  my $line = take(1 + index $sent, "\n");
  chop $line;
  $line;
}
open my $uptime, '<', '/proc/uptime' or die "/proc/uptime: $!\n";
sub now {
  sysseek $uptime, 0, 0;
  sysread $uptime, my $since, 32;
  0 + (split ' ', $since)[0];
}`

/**
 * Ends what a driver leaves that was killed: a process that waits for the end of a pipe, of which only the driver has
 * the other end. What it has to end then is in a second pipe, which nobody reads before: to note it wakes nobody.
 */
const GUARD = String.raw`
pipe my $life, my $lives and pipe my $noted, my $note or die "pipe: $!\n";
fcntl $noted, Fcntl::F_SETFL(), Fcntl::O_NONBLOCK();
sub note {
  sysread $noted, my $before, 64;
  syswrite $note, $_[0];
}
sub finish {
  my ($job, $step) = @_;
  for my $signal ('TERM', 'KILL') {
    kill $signal, -$job or last;
    for (1 .. ${GRACE_S}0) {
      waitpid $job, 1;
      kill 0, -$job or last;
      select undef, undef, undef, 0.1;
    }
  }
  system 'sh', '-c', $end, 'proofbook', "$runs.$step";
}
my $guard = fork;
defined $guard or die "fork: $!\n";
if (!$guard) {
  setpgrp 0, 0;
  close $_ for $lives, $note;
  open STDIN, '<&', $null; open STDOUT, '>&', $null; open STDERR, '>&', $null;
  $SIG{$_} = 'IGNORE' for 'HUP', 'INT', 'TERM';
  my $read;
  do { $read = sysread $life, my $nothing, 1 } until defined $read;
  sysread $noted, my $left, 64;
  $SIG{$_} = 'DEFAULT' for 'HUP', 'INT', 'TERM';
  finish(split ' ', $left) if $left;
  exit;
}
close $life;`

const START = String.raw`
sub words {
  my ($text) = @_;
  my @words;
  while ($text =~ /\G((?:'[^']*'|\\'|[^\s'\\]+)+)\s*/gc) {
    my $word = $1;
    $word =~ s/'([^']*)'|\\(')/defined $1 ? $1 : $2/ge;
    push @words, $word;
  }
  @words;
}
sub start {
  my ($step, $environment, $program, $script) = @_;
  my ($feed, $from_out, $out, $from_err, $err);
  $script or pipe $script, $feed or return;
  pipe $from_out, $out and pipe $from_err, $err or return;
  my $pid = fork;
  return unless defined $pid;
  if (!$pid) {
    setpgrp 0, 0;
    open STDIN, '<&', $null; open STDOUT, '>&', $out; open STDERR, '>&', $err; open THREE, '<&', $script;
    for (grep { $_ ne 'export' } words($environment)) { $ENV{$1} = $2 if /^(\w+)=(.*)/s }
    $ENV{${RUN_VARIABLE}} = "$runs.$step";
    my (undef, undef, @argv) = words($program);
    @argv = ('bash', '-eo', 'pipefail', '/dev/fd/3') unless @argv;
    exec { $argv[0] } @argv;
    syswrite STDERR, "$argv[0]: $!\n";
    exit 127;
  }
  setpgrp $pid, $pid;
  { pid => $pid, step => $step, script => $feed, out => $from_out, err => $from_err };
}
sub drop {
  my ($job) = @_;
  return unless $job;
  kill 'KILL', -$job->{pid};
  waitpid $job->{pid}, 0;
}
sub ended { waitpid($_[0]{pid}, 1) == $_[0]{pid} }
sub unnamed {
  my ($bytes) = @_;
  for my $folder ('/dev/shm', $ENV{TMPDIR} || '/tmp') {
    my $name = "$folder/proofbook.$$." . ++$files;
    sysopen my $file, $name, Fcntl::O_RDWR() | Fcntl::O_CREAT() | Fcntl::O_EXCL(), 0600 or next;
    unlink $name;
    my $done = 0;
    while ($done < length $bytes) { $done += syswrite($file, $bytes, ${CHUNK}, $done) || last }
    next if $done < length $bytes;
    sysseek $file, 0, 0;
    return $file;
  }
  undef;
}`

const FOLLOW = String.raw`
my %to = (out => \*STDOUT, err => \*STDERR);
my %unsent = (out => '', err => '');
sub pass {
  my ($name) = @_;
  my $done = syswrite $to{$name}, $unsent{$name};
  if (defined $done) { substr $unsent{$name}, 0, $done, '' }
  # Nobody is at the other end: the end of our input says so too.
  elsif ($! != ${EAGAIN} && $! != ${EINTR}) { $unsent{$name} = '' }
}
sub send_all {
  my $until = now() + ${SLOW};
  while (length $unsent{out} || length $unsent{err}) {
    my $writable = '';
    length $unsent{$_} and vec($writable, fileno $to{$_}, 1) = 1 for 'out', 'err';
    select undef, $writable, undef, 1;
    vec($writable, fileno $to{$_}, 1) and pass($_) for 'out', 'err';
    last if now() > $until;
  }
}
# Until the step has ended and all that it printed was passed on, or what is left holds its outputs for too long.
sub follow {
  my ($job, $limit) = @_;
  my ($until, $kill, $late, $status, $held, $slow, $idle) = (now() + $limit / 1000, undef, 0, undef, 0, undef, 0.0005);
  for (;;) {
    my $pending = length $unsent{out} || length $unsent{err};
    my ($readable, $writable) = ('', '');
    vec($readable, 0, 1) = 1;
    for ('out', 'err') {
      if (length $unsent{$_}) { vec($writable, fileno $to{$_}, 1) = 1 }
      elsif ($job->{$_}) { vec($readable, fileno $job->{$_}, 1) = 1 }
    }
    my $pause = $job->{out} || $job->{err} ? ${LOOK} : $idle < ${LOOK} ? ($idle *= 2) : ${LOOK};
    my ($ready, $left) = select $readable, $writable, undef, $pause;
    if ($ready > 0) {
      if (vec $readable, 0, 1) {
        # Nobody sends a frame while a step runs.
        more() or do { close $job->{$_} for grep { $job->{$_} } 'out', 'err'; finish($job->{pid}, $job->{step}); note(''); exit };
      }
      for ('out', 'err') {
        if (vec $writable, fileno $to{$_}, 1) { pass($_) }
        elsif ($job->{$_} && vec $readable, fileno $job->{$_}, 1) {
          my $got = sysread $job->{$_}, $unsent{$_}, ${CHUNK};
          if ($got) { pass($_) }
          elsif (defined $got) { delete $job->{$_} }
        }
      }
    }
    $status = $? if !defined $status && ended($job);
    if (defined $status) {
      last unless $job->{out} || $job->{err};
      $slow ||= now() + ${SLOW};
      $held += $pause - $left if !$pending && $ready >= 0;
      last if $held >= ${DRAIN / 1000} || now() > $slow;
      next;
    }
    my $now = now();
    if ($kill) { kill 'KILL', -$job->{pid} if $now >= $kill }
    elsif ($now >= $until) {
      ($late, $kill) = (1, $now + ${GRACE_S});
      kill 'TERM', -$job->{pid};
    }
  }
  delete @$job{'out', 'err'};
  ($status & 127 ? 128 + ($status & 127) : $status >> 8, $late);
}
sub tell_end {
  my ($step, $code, $late) = @_;
  $unsent{$_} .= "\x1e$mark $step $code $late\n" for 'out', 'err';
  pass($_) for 'out', 'err';
  send_all();
}`

const LOOP = String.raw`
my ($step, $spare, $environment) = (0, undef, '');
while (defined(my $head = line())) {
  my ($verb, $limit, $size_of_environment, $size_of_program, $how, $size) = split ' ', $head;
  $step++;
  if ($verb eq 'ping') {
    drop($spare);
    undef $spare;
    tell_end($step, 0, 0);
    next;
  }
  my $before = $environment;
  $environment = take($size_of_environment);
  my $program = take($size_of_program);
  my $script = take($size);
  last unless defined $script;
  my $job = $spare;
  undef $spare;
  if ($job && ($how ne 'pipe' || length $program || $environment ne $before || ended($job))) {
    drop($job);
    undef $job;
  }
  my $file;
  if ($how ne 'pipe') {
    $file = unnamed($script) or $unsent{err} .= "the script has no room in /dev/shm, nor in the temporary folder: $!\n";
  }
  $job ||= start($step, $environment, $program, $file) if $how eq 'pipe' || $file;
  if (!$job) {
    $unsent{err} .= "no process can be started: $!\n" if $how eq 'pipe' || $file;
    tell_end($step, 254, 0);
    next;
  }
  note("$job->{pid} $step");
  if ($how eq 'pipe') {
    syswrite $job->{script}, $script;
    close delete $job->{script};
    $spare = start($step + 1, $environment, '') if $ahead;
  }
  my ($code, $late) = follow($job, $limit);
  note('');
  tell_end($step, $code, $late);
}
drop($spare);`

const SETUP = String.raw`
for my $output (\*STDOUT, \*STDERR) { fcntl $output, Fcntl::F_SETFL(), Fcntl::O_NONBLOCK() | fcntl $output, Fcntl::F_GETFL(), 0 }
my $files = 0;
my ($mark, $runs, $ahead) = split / /, line(), -1;
my $end = <<'PROOFBOOK_END';
${END}
PROOFBOOK_END`

export const PERL_DRIVER = [INPUT, SETUP, GUARD, START, FOLLOW, LOOP].join('\n')
