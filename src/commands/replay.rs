//! `hamlet replay`: a journal, run again.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use hamlet_sim::VillageOptions;
use hamlet_sim::journal::{End, JournalReader, write_image};
use hamlet_sim::replay::{Replay, Verdict};

use super::progress::Progress;
use super::{EXIT_TRUNCATED, count, open_file, say, say_err};
use crate::cli::ReplayArgs;

pub(crate) fn replay(args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    if args.view {
        return super::watch::watch(args);
    }
    let options = VillageOptions {
        threads: usize::from(args.threads),
        ..VillageOptions::default()
    };
    let name = args.journal.display();
    let file = open_file(&args.journal, "the journal", "journal.hj")?;
    let journal = match JournalReader::open(BufReader::new(file)) {
        Ok(journal) => journal,
        Err(error) if error.is_truncation() => {
            say_err(&format!("{name}: {error}"));
            return Ok(ExitCode::from(EXIT_TRUNCATED));
        }
        Err(error) => return Err(error).with_context(|| format!("the journal {name}")),
    };
    let mut replay = Replay::begin(journal, options)?;
    let go_to = |replay: &mut Replay<_>, until| {
        let mut progress = Progress::new(replay.village().tick_count(), until);
        let verdict = replay
            .run(until, |tick| progress.at(tick))
            .with_context(|| format!("the journal {name}"));
        progress.finish();
        verdict
    };
    let image = image_wanted(args, replay.first_tick())?;
    let Some((tick, output)) = image else {
        let verdict = go_to(&mut replay, args.until)?;
        reached(&mut replay, args.until, &verdict)?;
        return Ok(tell(
            &args.journal,
            &verdict,
            beyond(&mut replay).as_deref(),
        ));
    };
    let mut verdict = go_to(&mut replay, Some(tick))?;
    save_image(&mut replay, &verdict, tick, output)?;
    if args.verify || args.until.is_some() {
        verdict = go_to(&mut replay, args.until)?;
        reached(&mut replay, args.until, &verdict)?;
    }
    Ok(tell(
        &args.journal,
        &verdict,
        beyond(&mut replay).as_deref(),
    ))
}

/// What is wrong with the part of the journal that was not run, if something is: what agrees so far is not all of it.
fn beyond<R: io::Read>(replay: &mut Replay<R>) -> Option<String> {
    match replay.look_ahead() {
        Ok(Some(End::Truncated {
            good_until_tick,
            what,
            ..
        })) => Some(format!(
            "the journal is cut off after tick {good_until_tick}: {what}"
        )),
        Ok(_) => None,
        Err(damage) => Some(format!("beyond that, {damage}")),
    }
}

/// A journal that agrees but ends before the tick that was asked for has not shown what was asked.
fn reached<R: io::Read>(
    replay: &mut Replay<R>,
    until: Option<u64>,
    verdict: &Verdict,
) -> anyhow::Result<()> {
    let tick = replay.village().tick_count();
    match until {
        Some(until) if tick < until && matches!(verdict, Verdict::Agreed { .. }) => bail!(
            "the journal ends at tick {tick}: there is no tick {until} in it; lower --until, or leave it out"
        ),
        _ => Ok(()),
    }
}

/// The tick whose image is asked for, and where it goes.
fn image_wanted(args: &ReplayArgs, first: u64) -> anyhow::Result<Option<(u64, &Path)>> {
    if let Some(tick) = args
        .image_at
        .into_iter()
        .chain(args.until)
        .min()
        .filter(|&tick| tick < first)
    {
        bail!("the journal begins at tick {first}: there is no tick {tick} in it");
    }
    let Some((tick, output)) = args.image_at.zip(args.output.as_deref()) else {
        return Ok(None);
    };
    if output.exists() {
        bail!(
            "{} is there already, and would be lost; name another file with --output",
            output.display()
        );
    }
    if let Some(until) = args.until.filter(|&until| until < tick) {
        bail!(
            "the replay ends at tick {until}, before the image of tick {tick}: raise --until, or leave it out"
        );
    }
    Ok(Some((tick, output)))
}

fn save_image<R: io::Read>(
    replay: &mut Replay<R>,
    verdict: &Verdict,
    tick: u64,
    output: &Path,
) -> anyhow::Result<()> {
    let reached = replay.village().tick_count();
    if let Verdict::Diverged { tick, .. } = verdict {
        bail!("the replay differs from the recording at tick {tick}: no image is made of it");
    }
    if reached != tick {
        bail!("the journal ends at tick {reached}: there is no tick {tick} to make an image of");
    }
    let image = replay.village().image();
    write_whole(output, |out| write_image(&image, out)).map_err(|error| {
        anyhow!(
            "cannot write the image {}: {error}\n  help: name another file with --output",
            output.display()
        )
    })?;
    say(&format!("image of tick {tick}: {}", output.display()));
    Ok(())
}

/// Writes a file under a temporary name beside its own and renames it when it is whole.
fn write_whole(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let written = File::create(&partial).and_then(|mut file| {
        fill(&mut file)?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&partial, path))
        .inspect_err(|_| {
            // What is half-written helps nobody.
            drop(fs::remove_file(&partial));
        })
}

fn hashes_of(hashes: u64) -> String {
    match hashes {
        1 => "1 hash".to_owned(),
        more => format!("{more} hashes"),
    }
}

fn tell(journal: &Path, verdict: &Verdict, beyond: Option<&str>) -> ExitCode {
    let name = journal.display();
    match verdict {
        Verdict::Agreed {
            ticks,
            hashes,
            last,
        } => {
            let ticks = count(*ticks, "tick");
            say(&match last {
                Some(hash) => format!(
                    "{name}: verified, {ticks}, {} agree{}, state hash {hash}",
                    hashes_of(*hashes),
                    if *hashes == 1 { "s" } else { "" }
                ),
                None => format!("{name}: replayed, {ticks}; no hash was recorded on the way"),
            });
            if let Some(beyond) = beyond {
                say_err(&format!("note: {name}: that is not all of it: {beyond}"));
            }
            ExitCode::SUCCESS
        }
        Verdict::Diverged {
            tick,
            recorded,
            found,
        } => {
            say_err(&format!(
                "{name}: differs at tick {tick}: recorded {recorded}, found {found}"
            ));
            ExitCode::FAILURE
        }
        Verdict::CutOff { tick, hashes, what } => {
            say_err(&format!(
                "{name}: cut off: {what}. It is good up to tick {tick}, {} on the way agree. \
                 To go on from there: hamlet replay {name} --image-at {tick} -o fork.image, then hamlet run --from fork.image",
                hashes_of(*hashes)
            ));
            ExitCode::from(EXIT_TRUNCATED)
        }
    }
}
