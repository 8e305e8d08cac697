//! Shares as people read them.

/// A share in per cent, with one place below ten.
pub(super) fn percent(share: f64) -> String {
    let percent = if share.is_finite() { share.clamp(0.0, 1.0) * 100.0 } else { 0.0 };
    let tenths = (percent * 10.0).round();
    if percent >= 9.95 || (tenths / 10.0 - (tenths / 10.0).round()).abs() < 1e-9 {
        format!("{percent:.0} %")
    } else {
        format!("{percent:.1} %")
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_has_few_figures() {
        for (share, words) in [
            (0.0, "0 %"),
            (0.05, "5 %"),
            (0.034, "3.4 %"),
            (0.099_9, "10 %"),
            (0.834, "83 %"),
            (f64::NAN, "0 %"),
            (2.0, "100 %"),
        ] {
            assert_eq!(percent(share), words);
        }
    }
}
