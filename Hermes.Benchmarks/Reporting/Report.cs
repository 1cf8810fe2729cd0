using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Hermes.Benchmarks.Reporting;

/// <summary>The tables of a run, with the machine that they are true of.</summary>
internal sealed class Report(BenchmarkOptions options)
{
    private readonly List<ReportTable> _tables = [];

    /// <summary>Begins the next table.</summary>
    public ReportTable Table(string title, string note, params string[] columns)
    {
        var table = new ReportTable(title, note, columns);
        _tables.Add(table);
        return table;
    }

    public async Task<string> ToMarkdownAsync()
    {
        var cpu = (await File.ReadAllLinesAsync("/proc/cpuinfo")).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var system = (await File.ReadAllLinesAsync("/etc/os-release")).FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?.Split('"')[1];
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        var markdown = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # Results

            {DateTime.UtcNow:yyyy-MM-dd}, {cpu}, {Environment.ProcessorCount} cores, {memory:0.#} GB, {system}, {RuntimeInformation.FrameworkDescription}.
            `dotnet run -c Release --project Hermes.Benchmarks -- {options}`

            The load runs on the same machine. Requests per second and waiting times depend on how busy that is; processor time for each request
            (user and system time of the server's process over the requests that it answered) hardly does. Figures beyond their limit are bold.

            """));
        _tables.ForEach(table => table.WriteTo(markdown));
        return markdown.ToString();
    }
}
