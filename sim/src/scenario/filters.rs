//! `[[filter]]`: what is looked for in the texts of members.

use hamlet_protocol::moderation::{
    FILTER_CHARS_MAX, FILTERS_MAX, Filter, FilterAction, FilterKind, check_filters,
};

use super::reader::Reader;

const KINDS: [(&str, FilterKind); 3] = [
    ("word", FilterKind::Word),
    ("pattern", FilterKind::Pattern),
    ("link", FilterKind::Link),
];
const ACTIONS: [(&str, FilterAction); 3] = [
    ("flag", FilterAction::Flag),
    ("hold", FilterAction::Hold),
    ("refuse", FilterAction::Refuse),
];

/// All filters, in the order of the file.
pub(super) fn read(document: &Reader<'_>) -> Vec<Filter> {
    let mut filters = Vec::new();
    for table in document.tables("filter", "[[filter]]") {
        let place = table.here().clone();
        let faults = table.faults();
        let Some(filter) = one(table) else { continue };
        if let Err(fault) = check_filters(std::slice::from_ref(&filter)) {
            // Here its place is known better than by its number.
            let message = fault.to_string().replace("filter 1", "this filter");
            faults.error(&place, message, "change its text".to_owned());
            continue;
        }
        if filters.len() == FILTERS_MAX {
            let message = format!("there are more than {FILTERS_MAX} filters");
            faults.error(&place, message, "leave some out".to_owned());
            break;
        }
        filters.push(filter);
    }
    filters
}

/// One of its keys `word`, `pattern`, `link` says what it looks for.
fn one(reader: Reader<'_>) -> Option<Filter> {
    let present = KINDS.into_iter().filter(|(key, _)| reader.has(key));
    let present: Vec<(&'static str, FilterKind)> = present.collect();
    let [(key, kind)] = present[..] else {
        let help = "write one of: word = \"…\", pattern = \"…\", link = \"…\"".to_owned();
        let message = "a filter looks for exactly one thing";
        reader.faults().missing(reader.here(), message, help);
        return None;
    };
    let text = reader.text(key, 1..=FILTER_CHARS_MAX);
    reader.need("action", "action = \"hold\"");
    let words = ACTIONS.map(|(word, _)| word);
    let action = reader.word("action", &words);
    let reason = reader
        .text("reason", 0..=FILTER_CHARS_MAX)
        .unwrap_or_default();
    reader.finish();
    Some(Filter {
        kind,
        text: text?,
        action: ACTIONS[action?].1,
        reason,
    })
}
