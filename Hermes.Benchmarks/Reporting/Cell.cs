using System.Globalization;

namespace Hermes.Benchmarks.Reporting;

/// <summary>Figures as a table shows them.</summary>
internal static class Cell
{
    /// <summary>Three significant digits; nothing for null.</summary>
    public static string Number(double? value) => value switch
    {
        null => "",
        >= 100 => value.Value.ToString("n0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 1 => value.Value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    public static string Count(double value) => value.ToString("n0", CultureInfo.InvariantCulture);

    /// <summary>A multiple of the small static answer, on top of the static answer of the same length where there is one.</summary>
    public static string Bar(double? multiple, bool isAboveLength = false) =>
        multiple is null ? "" : $"{(isAboveLength ? "L + " : "")}{Number(multiple)} S";

    /// <summary>The same, measured: in bold where it is over its limit.</summary>
    public static string JudgedBar(double? multiple, double? limit, bool isAboveLength = false) =>
        multiple is null ? "" : !double.IsFinite(multiple.Value) ? "**none in time**" : multiple > limit ? $"**{Bar(multiple, isAboveLength)}**" : Bar(Math.Max(0, multiple.Value), isAboveLength);

    /// <summary>A measured figure, in bold where it is over its limit.</summary>
    public static string Judged(double? value, double? limit) => value > limit ? $"**{Number(value)}**" : Number(value);
}
