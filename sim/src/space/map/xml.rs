//! Small words over `quick-xml`: names, attributes, and what is wrong with them.

use quick_xml::events::BytesStart;

use super::reading::Flaw;

/// A flaw and the byte it was found at.
pub(super) type Stop = (usize, Flaw);

pub(super) fn truncated() -> Flaw {
    Flaw::new(
        "the file ends too early",
        "it may have been cut off; save it again in Tiled",
    )
}

pub(super) fn bad_xml(fault: &quick_xml::Error) -> Flaw {
    Flaw::new(
        format!("not the XML that Tiled writes: {fault}"),
        "open the file in Tiled and save it again",
    )
}

pub(super) fn local_name(element: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(element.local_name().as_ref()).into_owned()
}

pub(super) fn attribute(
    element: &BytesStart<'_>,
    name: &str,
    start: usize,
) -> Result<Option<String>, Stop> {
    for found in element.attributes() {
        let found = found.map_err(|fault| (start, bad_xml(&fault.into())))?;
        if found.key.local_name().as_ref() == name.as_bytes() {
            let value = found
                .unescape_value()
                .map_err(|fault| (start, bad_xml(&fault)))?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

pub(super) fn number(
    element: &BytesStart<'_>,
    name: &str,
    start: usize,
) -> Result<Option<i64>, Stop> {
    let Some(value) = attribute(element, name, start)? else {
        return Ok(None);
    };
    let number = value.trim().parse().map_err(|fault| {
        let message = format!(
            "<{}> has `{name}` = `{value}`: {fault}",
            local_name(element)
        );
        (
            start,
            Flaw::new(message, "open the file in Tiled and save it again"),
        )
    })?;
    Ok(Some(number))
}
