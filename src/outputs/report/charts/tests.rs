//! Charts, drawn from made-up curves.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::levels::round_values;
use super::*;

fn clock() -> Clock {
    Clock::new(crate::outputs::fabricate::scenario().time)
}

fn chart(values: &[f64], form: Form) -> Chart {
    let clock = clock();
    Chart {
        title: "Mood <b>".to_owned(),
        about: String::new(),
        times: (0..values.len() as u64)
            .map(|n| clock.secs(n * 600))
            .collect(),
        curves: vec![Curve {
            name: "a & b".to_owned(),
            values: values.to_vec(),
            paint: Paint::Teal,
        }],
        form,
        scale: Scale::Count,
        wide: false,
        marks: Vec::new(),
    }
}

#[test]
fn values_on_the_axis_are_round() {
    assert_eq!(
        round_values(0.0, 1.0),
        [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]
    );
    assert_eq!(round_values(0.0, 53.0), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
    assert_eq!(round_values(-0.5, 0.5), [-0.4, -0.2, 0.0, 0.2, 0.4]);
}

#[test]
fn a_gap_breaks_the_line_and_a_lone_value_is_a_dot() {
    let gap = [1.0, 2.0, f64::NAN, 3.0, f64::NAN, 4.0, 5.0];
    let html = chart(&gap, Form::Lines).figure(&clock()).unwrap();
    assert_eq!(html.matches("stroke=\"var(--teal)\"").count(), 2);
    assert_eq!(html.matches("<circle").count(), 1);
    assert!(html.contains("[1.0,2.0,null,3.0,null,4.0,5.0]".replace('"', "").as_str()));
    assert!(html.contains("Mood &lt;b&gt;") && html.contains("a &amp; b"));
    assert!(!html.contains("#0102"));
}

#[test]
fn nothing_one_and_infinite_values_can_be_drawn() {
    for form in [Form::Lines, Form::Shaded, Form::Stacked] {
        for values in [
            &[][..],
            &[f64::NAN; 3],
            &[2.0],
            &[0.0; 4],
            &[1.0, f64::INFINITY],
        ] {
            let html = chart(values, form).figure(&clock()).unwrap();
            let empty = !values.iter().any(|value| value.is_finite());
            assert_eq!(html.contains("class=\"empty\""), empty, "{values:?}");
            assert_eq!(html.contains("<svg"), !empty);
        }
    }
}
