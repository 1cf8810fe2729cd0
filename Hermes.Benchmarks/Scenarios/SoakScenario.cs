using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>The app's memory under a long mixed load.</summary>
internal static class SoakScenario
{
    private const double Megabyte = 1 << 20;
    private const double Bar = 150;
    private const int Tenths = 10;

    public static async Task RunAsync(BenchmarkHome kept, BenchmarkOptions options, Report report)
    {
        Console.WriteLine("memory under mixed load");
        using var scratch = kept.Copy();
        using var server = ServerProcess.StartBenchmarkServer(scratch.Home);
        using var committer = new Committer(scratch.Home.Home);
        var endpoints = await Endpoint.AllAsync(server, scratch.Home);
        var requests = new Requests(
        [
            .. endpoints.Where(endpoint => endpoint.First is not { Method: "POST" })
                .SelectMany(endpoint => (endpoint.First?.Paths.Take(50) ?? []).Concat(endpoint.Unchanged?.Paths ?? [])),
        ]);
        var load = Wrk.RunAsync(server, requests, options.SoakMinutes * 60);
        var samples = new List<double>();
        while (!load.IsCompleted)
        {
            committer.Commit();
            samples.Add(server.ResidentBytes / Megabyte);
            await Task.Delay(200);
        }

        var result = await load;
        var tenths = Enumerable.Range(0, Tenths)
            .Select(tenth => samples.Skip(samples.Count * tenth / Tenths).Take(Math.Max(1, samples.Count / Tenths)).Average()).ToList();
        var table = report.Table(
            "Memory under mixed load",
            $"{options.SoakMinutes:0.#} minutes of all reading requests in turn, {Wrk.Connections} connections, beside a writer of 5 commits a second. Resident, in MB: the average of each tenth of the time.",
            ["requests/s", .. Enumerable.Range(1, Tenths).Select(tenth => $"tenth {tenth}"), "level: at most", "level"]);
        table.Add([Cell.Count(result.RequestsPerSecond), .. tenths.Select(average => Cell.Number(average)), Cell.Number(Bar), Cell.Judged(tenths[^1], Bar)]);
    }
}
