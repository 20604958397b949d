/// The templates that come with Hookmail, embedded in the binary: nothing is read from disk, and the binary can be
/// moved.
package enum BuiltinTemplates {
    /// The files' bytes by the names templates have in rules and partials, such as `failed.html`.
    package static let files: [String: [UInt8]] = [
        "failed.text": PackageResources.failed_text_mustache,
        "failed.html": PackageResources.failed_html_mustache,
        "single.text": PackageResources.single_text_mustache,
        "single.html": PackageResources.single_html_mustache,
        "window.text": PackageResources.window_text_mustache,
        "window.html": PackageResources.window_html_mustache,
        "recovered.text": PackageResources.recovered_text_mustache,
        "recovered.html": PackageResources.recovered_html_mustache,
        "first_seen.text": PackageResources.first_seen_text_mustache,
        "first_seen.html": PackageResources.first_seen_html_mustache,
        "digest.text": PackageResources.digest_text_mustache,
        "digest.html": PackageResources.digest_html_mustache,
        "plain.text": PackageResources.plain_text_mustache,
        "plain.html": PackageResources.plain_html_mustache,
        "part.figures.text": PackageResources.part_figures_text_mustache,
        "part.figures.html": PackageResources.part_figures_html_mustache,
        "part.trend.text": PackageResources.part_trend_text_mustache,
        "part.trend.html": PackageResources.part_trend_html_mustache,
        "part.policies.text": PackageResources.part_policies_text_mustache,
        "part.policies.html": PackageResources.part_policies_html_mustache,
        "part.summary.text": PackageResources.part_summary_text_mustache,
        "part.summary.html": PackageResources.part_summary_html_mustache,
        "part.facts.text": PackageResources.part_facts_text_mustache,
        "part.facts.html": PackageResources.part_facts_html_mustache,
        "part.error.text": PackageResources.part_error_text_mustache,
        "part.error.html": PackageResources.part_error_html_mustache,
        "part.content.text": PackageResources.part_content_text_mustache,
        "part.content.html": PackageResources.part_content_html_mustache,
        "part.why.text": PackageResources.part_why_text_mustache,
        "part.why.html": PackageResources.part_why_html_mustache,
        "part.top.html": PackageResources.part_top_html_mustache,
        "part.bottom.html": PackageResources.part_bottom_html_mustache,
    ]
}
