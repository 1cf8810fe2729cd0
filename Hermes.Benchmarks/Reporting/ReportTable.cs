using System.Text;

namespace Hermes.Benchmarks.Reporting;

/// <summary>A table with a title and a note.</summary>
internal sealed class ReportTable(string title, string note, string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void WriteTo(StringBuilder markdown)
    {
        markdown.Append($"\n## {title}\n\n{note}\n\n");
        WriteRow(markdown, columns);
        WriteRow(markdown, columns.Select((_, index) => index == 0 ? "---" : "---:"));
        _rows.ForEach(row => WriteRow(markdown, row));
    }

    private static void WriteRow(StringBuilder markdown, IEnumerable<string> cells) =>
        markdown.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
