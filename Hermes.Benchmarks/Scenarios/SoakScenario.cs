using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>The host's memory under a long mixed load.</summary>
internal static class SoakScenario
{
    private const double Megabyte = 1 << 20;
    private const int Tenths = 10;

    public static async Task RunAsync(BenchmarkHome kept, IEnumerable<HostBuild> builds, BenchmarkOptions options, Report report)
    {
        if (options.SoakMinutes == 0)
        {
            return;
        }

        var table = report.Table(
            "Memory under mixed load",
            $"{options.SoakMinutes:0.#} minutes of all reading endpoints in turn for each build, {Wrk.Connections} connections, beside a writer of 5 commits a second. Resident, in MB: the average of each tenth of the time.",
            ["", "requests/s", .. Enumerable.Range(1, Tenths).Select(tenth => $"tenth {tenth}"), "highest: at most", "highest: measured"]);
        foreach (var build in builds)
        {
            Console.WriteLine($"memory under mixed load, {build.Name}");
            var (result, samples) = await LoadAsync(kept, build, options);
            var tenths = Enumerable.Range(0, Tenths)
                .Select(tenth => samples.Skip(samples.Count * tenth / Tenths).Take(Math.Max(1, samples.Count / Tenths)).Average());
            table.Add([build.Name, Cell.Count(result.RequestsPerSecond), .. tenths.Select(average => Cell.Number(average)), Cell.Number(150), Cell.Judged(samples.Max(), 150)]);
        }
    }

    private static async Task<(LoadResult Result, List<double> Megabytes)> LoadAsync(BenchmarkHome kept, HostBuild build, BenchmarkOptions options)
    {
        using var scratch = kept.Copy();
        using var server = ServerProcess.StartHost(build, scratch.Home);
        using var committer = Committer.Open(scratch.Home.Home);
        var requests = new Requests(await ReadingPathsAsync(server, scratch.Home));
        var load = Wrk.RunAsync(server, requests, options.SoakMinutes * 60);
        var samples = new List<double>();
        while (!load.IsCompleted)
        {
            committer.Commit();
            samples.Add(server.ResidentBytes / Megabyte);
            await Task.Delay(200);
        }

        return (await load, samples);
    }

    private static async Task<List<string>> ReadingPathsAsync(ServerProcess server, BenchmarkHome home)
    {
        var paths = new List<string>();
        foreach (var endpoint in (await Endpoint.AllAsync(server, home)).Where(endpoint => endpoint.First is not { Method: "POST" }))
        {
            foreach (var path in (endpoint.First?.Paths.Take(50) ?? []).Concat(endpoint.Again?.Paths ?? []))
            {
                using var answer = await server.Client.GetAsync(path);
                if (answer.IsSuccessStatusCode)
                {
                    paths.Add(path);
                }
            }
        }

        return paths;
    }
}
