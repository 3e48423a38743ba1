//! Colours of the report. Charts name a colour; the style sheet says what it looks like in light and in dark.

use hamlet_protocol::agent::{Activity, Need};
use hamlet_protocol::map::LandmarkKind;
use plotters::style::RGBColor;

/// A colour by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Paint {
    /// Text.
    Ink,
    /// Text that steps back.
    Soft,
    /// Axes and rules.
    Line,
    /// What charts are drawn on.
    Card,
    /// Hours of the night behind a chart.
    Night,
    /// Hours of the night over a stack.
    Shade,
    /// Homes, sleep.
    Indigo,
    /// Cafés, food.
    Amber,
    /// Markets, trade.
    Terracotta,
    /// The board, reading.
    Plum,
    /// The town hall.
    Slate,
    /// Workshops, work.
    Brown,
    /// Parks, rest.
    Green,
    /// Libraries.
    Teal,
    /// Clinics, care.
    Rose,
    /// Other places.
    Olive,
    /// Out of doors, on the way.
    Sand,
    /// Nothing in particular.
    Gray,
}

impl Paint {
    const ALL: [Self; 18] = [
        Self::Ink,
        Self::Soft,
        Self::Line,
        Self::Card,
        Self::Night,
        Self::Shade,
        Self::Indigo,
        Self::Amber,
        Self::Terracotta,
        Self::Plum,
        Self::Slate,
        Self::Brown,
        Self::Green,
        Self::Teal,
        Self::Rose,
        Self::Olive,
        Self::Sand,
        Self::Gray,
    ];

    /// Colours that tell things apart where they have none of their own.
    pub(crate) const CATEGORIES: [Self; 8] = [
        Self::Teal,
        Self::Terracotta,
        Self::Indigo,
        Self::Amber,
        Self::Plum,
        Self::Green,
        Self::Rose,
        Self::Slate,
    ];

    /// The variable of the style sheet.
    pub(crate) fn css(self) -> &'static str {
        match self {
            Self::Ink => "var(--ink)",
            Self::Soft => "var(--soft)",
            Self::Line => "var(--line)",
            Self::Card => "var(--card)",
            Self::Night => "var(--night)",
            Self::Shade => "var(--shade)",
            Self::Indigo => "var(--indigo)",
            Self::Amber => "var(--amber)",
            Self::Terracotta => "var(--terracotta)",
            Self::Plum => "var(--plum)",
            Self::Slate => "var(--slate)",
            Self::Brown => "var(--brown)",
            Self::Green => "var(--green)",
            Self::Teal => "var(--teal)",
            Self::Rose => "var(--rose)",
            Self::Olive => "var(--olive)",
            Self::Sand => "var(--sand)",
            Self::Gray => "var(--gray)",
        }
    }

    /// A stand-in for a drawing library that knows fixed colours only; [`with_css`] turns it into the variable.
    pub(crate) fn stand_in(self) -> RGBColor {
        RGBColor(1, 2, self as u8)
    }

    /// The colour of a need.
    pub(crate) fn of_need(need: Need) -> Self {
        match need {
            Need::Energy => Self::Indigo,
            Need::Food => Self::Amber,
            Need::Company => Self::Rose,
            Need::Purpose => Self::Brown,
            Need::Fun => Self::Green,
        }
    }

    /// The colour of an activity.
    pub(crate) fn of_activity(activity: Activity) -> Self {
        match activity {
            Activity::Idle => Self::Gray,
            Activity::Walking => Self::Sand,
            Activity::Sleeping => Self::Indigo,
            Activity::Eating => Self::Amber,
            Activity::Working => Self::Brown,
            Activity::Trading => Self::Terracotta,
            Activity::Talking => Self::Rose,
            Activity::Reading => Self::Plum,
            Activity::Resting => Self::Green,
            Activity::Healing => Self::Teal,
        }
    }

    /// The colour of a kind of place.
    pub(crate) fn of_place(kind: &LandmarkKind) -> Self {
        match kind {
            LandmarkKind::Home => Self::Indigo,
            LandmarkKind::Cafe => Self::Amber,
            LandmarkKind::Market => Self::Terracotta,
            LandmarkKind::Board => Self::Plum,
            LandmarkKind::TownHall => Self::Slate,
            LandmarkKind::Workshop => Self::Brown,
            LandmarkKind::Park => Self::Green,
            LandmarkKind::Library => Self::Teal,
            LandmarkKind::Clinic => Self::Rose,
            LandmarkKind::Place | LandmarkKind::Other(_) => Self::Olive,
        }
    }
}

/// Puts the style sheet's variables where a drawing has stand-ins.
pub(crate) fn with_css(svg: &str) -> String {
    let mut svg = svg.to_owned();
    for paint in Paint::ALL {
        let RGBColor(r, g, b) = paint.stand_in();
        svg = svg.replace(
            &format!("\"#{r:02X}{g:02X}{b:02X}\""),
            &format!("\"{}\"", paint.css()),
        );
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_is_in_the_style_sheet_twice() {
        let css = include_str!("page.css");
        for paint in Paint::ALL {
            let name = paint.css().trim_start_matches("var(").trim_end_matches(')');
            assert_eq!(css.matches(&format!("{name}:")).count(), 2, "{name}");
            assert_eq!(
                paint as usize,
                Paint::ALL.iter().position(|&p| p == paint).unwrap_or(99)
            );
        }
    }

    #[test]
    fn stand_ins_become_variables() {
        assert_eq!(
            with_css("<g fill=\"#010207\"/>"),
            "<g fill=\"var(--amber)\"/>"
        );
    }
}
