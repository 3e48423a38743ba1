//! The run in a few sentences, for those who read one paragraph only.

use super::Report;
use super::clock::Clock;
use super::html::{Text, cut, plural};

/// The paragraph; nothing where nothing happened.
pub(crate) fn in_short(report: &Report<'_>, clock: &Clock) -> String {
    let sentences: Vec<String> = [
        company(report),
        mood(report, clock),
        place(report, clock),
        note(report),
        news(report),
        super::money::in_short(report),
    ]
    .into_iter()
    .flatten()
    .collect();
    if sentences.is_empty() {
        return "<p class=\"short\">A quiet run: nobody said, wrote or did anything worth a sentence.</p>\n".to_owned();
    }
    format!("<p class=\"short\">{}</p>\n", sentences.join(" "))
}

fn company(report: &Report<'_>) -> Option<String> {
    let (summary, social, people) = (report.summary, &report.story.social, &report.story.people);
    if summary.lines == 0 {
        return None;
    }
    let talker =
        (0..people.len() as u32).max_by_key(|&who| (social.lines(who), std::cmp::Reverse(who)))?;
    let talks = plural(summary.talks, "conversation", "conversations");
    let lines = plural(summary.lines, "line", "lines");
    let own = plural(social.lines(talker), "line", "lines");
    let name = Text(people.label(talker));
    let mut text = format!(
        "The town had <b>{talks}</b> of {lines} in all; nobody spoke more than <b>{name}</b> ({own})."
    );
    let degrees = social.degrees(people.len());
    let widest = (0..degrees.len()).max_by_key(|&who| (degrees[who], std::cmp::Reverse(who)))?;
    if degrees[widest] > 1 {
        let met = plural(degrees[widest].into(), "person", "different people");
        let who = if widest as u32 == talker {
            "The same".to_owned()
        } else {
            format!("<b>{}</b>", Text(people.label(widest as u32)))
        };
        text += &format!(" {who} talked with {met}, more than anybody else.");
    }
    Some(text)
}

fn mood(report: &Report<'_>, clock: &Clock) -> Option<String> {
    let samples = &report.story.samples;
    let (first, last) = (samples.first("mood.mean")?, samples.last("mood.mean")?);
    let signed = |mood: f64| format!("{mood:+.2}").replace('-', "−");
    let word = match last - first {
        change if change > 0.08 => "Spirits rose",
        change if change < -0.08 => "Spirits sank",
        _ => "Spirits held",
    };
    let mut text = format!(
        "{word}: the mean mood went from {} to {}",
        signed(first),
        signed(last)
    );
    if let Some((tick, best)) = samples.extreme("mood.mean", 1.0)
        && best > first.max(last) + 0.02
    {
        text += &format!(
            ", with its best hour on {} ({})",
            clock.moment(tick),
            signed(best)
        );
    }
    Some(text + ".")
}

fn place(report: &Report<'_>, clock: &Clock) -> Option<String> {
    let places = report.story.footprints.places.iter().enumerate();
    let landmarks = report.story.places.all();
    let public =
        places.filter(|&(i, _)| landmarks[i].kind != hamlet_protocol::map::LandmarkKind::Home);
    let (i, busiest) =
        public.max_by_key(|&(i, place)| (place.peak, place.total, std::cmp::Reverse(i)))?;
    (busiest.peak > 1).then(|| {
        format!(
            "The fullest place was <b>{}</b>, with {} people at once on {}.",
            Text(&landmarks[i].name),
            busiest.peak,
            clock.moment(busiest.peak_tick)
        )
    })
}

fn note(report: &Report<'_>) -> Option<String> {
    let hottest = *report.story.board.hottest(1).first()?;
    let author = match hottest.author {
        Some(author) => format!(" by <b>{}</b>", Text(report.story.people.label(author))),
        None => " by the town itself".to_owned(),
    };
    let comments = plural(hottest.comment_count.into(), "answer", "answers");
    Some(format!(
        "The note that moved people most was “{}”{author}: {comments}, score {}.",
        Text(&cut(&hottest.title, 90)),
        hottest.score
    ))
}

fn news(report: &Report<'_>) -> Option<String> {
    let widest = *report.story.news.widest(1).first()?;
    if widest.text.is_empty() || widest.reach == 0 {
        return None;
    }
    let reached = plural(widest.reach, "other person", "other people");
    Some(format!(
        "“{}” reached {reached} by word of mouth.",
        Text(&cut(&widest.text, 90))
    ))
}
