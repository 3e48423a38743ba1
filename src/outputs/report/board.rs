//! The bulletin board: how much was written, and the notes that moved people most.

use std::fmt::Write as _;

use super::super::error::Result;
use super::super::names::People;
use super::super::story::{CommentNote, PostNote};
use super::Report;
use super::charts::{Form, Scale};
use super::clock::Clock;
use super::html::{Text, cut, plural};
use super::sections::chart;
use super::theme::Paint;

/// Notes shown at most.
const NOTES_MAX: usize = 9;

/// Columns of notes.
const COLUMNS: usize = 3;

/// Answers shown below a note at most.
const ANSWERS_MAX: usize = 4;

/// The section.
///
/// # Errors
/// When the chart can't be drawn.
pub(crate) fn section(report: &Report<'_>, clock: &Clock) -> Result<String> {
    let written = chart(
        report,
        clock,
        (
            "Written so far",
            "Posts, comments and votes since the beginning.",
        ),
        &[
            ("votes", "votes", Paint::Amber),
            ("comments", "comments", Paint::Teal),
            ("posts", "posts", Paint::Plum),
        ],
        (Form::Shaded, Scale::Count, true),
    );
    let mut html = format!("<section><h2>The board</h2>{}", written.figure(clock)?);
    let hottest = report.story.board.hottest(NOTES_MAX);
    if hottest.is_empty() {
        html += "<p class=\"empty\">Nobody put a note on the board.</p>";
    } else {
        html += "<div class=\"notes\">";
        // Dealt out like cards, so that the hottest stand in the top row.
        for column in 0..COLUMNS {
            html += "<div>";
            for note in hottest.iter().skip(column).step_by(COLUMNS) {
                write_note(&mut html, note, &report.story.people, clock);
            }
            html += "</div>";
        }
        html += "</div>";
    }
    Ok(html + "</section>\n")
}

/// How well people answered each other there; nothing where nobody wrote anything.
///
/// # Errors
/// When a chart can't be drawn.
pub(crate) fn answers(report: &Report<'_>, clock: &Clock) -> Result<String> {
    if !report.story.samples.has("board.posts_answered") {
        return Ok(String::new());
    }
    let charts = [
        chart(
            report,
            clock,
            (
                "Answered",
                "The part of the newest notes, and of the newest answers, that somebody else answered.",
            ),
            &[
                ("board.posts_answered", "notes", Paint::Plum),
                ("board.comments_answered", "answers", Paint::Teal),
            ],
            (Form::Lines, Scale::Share, false),
        ),
        chart(
            report,
            clock,
            (
                "Depth of threads",
                "An answer to a note has depth 1, an answer to that depth 2.",
            ),
            &[
                ("board.depth_max", "deepest", Paint::Indigo),
                ("board.depth_mean", "mean", Paint::Teal),
            ],
            (Form::Lines, Scale::Count, false),
        ),
        chart(
            report,
            clock,
            (
                "Give and take",
                "Pairs of which either answered the other, and texts that say what another says.",
            ),
            &[
                ("board.reciprocity", "answered in turn", Paint::Green),
                ("board.duplicates", "copies", Paint::Rose),
            ],
            (Form::Lines, Scale::Share, false),
        ),
        chart(
            report,
            clock,
            (
                "How fresh the top is",
                "Mean age of the ten hottest notes, in hours: a good ranking lets go of old ones.",
            ),
            &[("board.hot_age", "hours", Paint::Terracotta)],
            (Form::Shaded, Scale::Count, false),
        ),
    ];
    let mut html =
        "<section><h2>How well they answered each other</h2><div class=\"grid\">".to_owned();
    for chart in charts {
        html += &chart.figure(clock)?;
    }
    Ok(html + "</div></section>\n")
}

fn write_note(html: &mut String, note: &PostNote, people: &People, clock: &Clock) {
    let author = note
        .author
        .map_or("the town", |author| people.label(author));
    write!(
        html,
        "<article class=\"note\"><h3>{}</h3><p class=\"by\">{} · {} · {}</p>",
        Text(&cut(&note.title, 140)),
        Text(author),
        clock.moment(note.tick),
        Text(&note.submolt),
    )
    .ok();
    if !note.text.trim().is_empty() {
        write!(
            html,
            "<p class=\"said\">{}</p>",
            Text(&cut(&note.text, 320))
        )
        .ok();
    }
    let sign = if note.score < 0 { "▼ −" } else { "▲ " };
    let score = note.score.unsigned_abs();
    let answers = plural(note.comment_count.into(), "answer", "answers");
    write!(html, "<p class=\"tally\">{sign}{score} · {answers}</p>").ok();
    let shown = best(&note.comments);
    if !shown.is_empty() {
        html.push_str("<ol class=\"answers\">");
        for comment in shown {
            let depth = comment.depth.clamp(1, 4);
            write!(
                html,
                "<li class=\"d{depth}\"><b>{}</b> <span class=\"said\">{}</span></li>",
                Text(people.label(comment.author)),
                Text(&cut(&comment.text, 180)),
            )
            .ok();
        }
        html.push_str("</ol>");
    }
    html.push_str("</article>");
}

/// The best liked answers, in the order they were given.
fn best(comments: &[CommentNote]) -> Vec<&CommentNote> {
    let mut order: Vec<usize> = (0..comments.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(comments[i].score), i));
    order.truncate(ANSWERS_MAX);
    order.sort_unstable();
    order.into_iter().map(|i| &comments[i]).collect()
}
