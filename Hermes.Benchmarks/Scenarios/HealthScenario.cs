using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>Whether light requests wait for heavy ones.</summary>
internal static class HealthScenario
{
    private static readonly string[] Heavy = ["/api/sessions?limit=500", "/api/skills"];

    public static async Task RunAsync(BenchmarkHome home, BenchmarkOptions options, Report report)
    {
        Console.WriteLine("health beside heavy requests");
        using var server = ServerProcess.StartBenchmarkServer(home);
        var health = new Requests("/health");
        await Wrk.RunAsync(server, health, options.Seconds);
        var alone = await Wrk.RunAsync(server, health, options.Seconds, connections: 1);
        var seconds = options.Seconds * options.Rounds;
        var heavy = Heavy
            .Select(path => Wrk.RunAsync(server, new Requests(path), seconds + 2, connections: 4))
            .ToList();
        await Task.Delay(TimeSpan.FromSeconds(1));
        var beside = await Wrk.RunAsync(server, health, seconds, connections: 1);
        await Task.WhenAll(heavy);

        var table = report.Table(
            "Health beside heavy requests", "4 clients loop over list 500 and 4 over the skills; the load shares the machine with the server.",
            "", "requests/s", "p50, ms", "p99: at most, ms", "p99: measured, ms");
        table.Add("alone", Cell.Count(alone.RequestsPerSecond), Cell.Number(alone.Median.TotalMilliseconds), "", Cell.Number(alone.P99.TotalMilliseconds));
        table.Add("beside them", Cell.Count(beside.RequestsPerSecond), Cell.Number(beside.Median.TotalMilliseconds), Cell.Number(10), Cell.Judged(beside.P99.TotalMilliseconds, 10));
    }
}
