using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>Whether the same question costs the same in a larger home.</summary>
internal static class GrowthScenario
{
    private static readonly string[] Names = ["list 50", "one session by id", "one session by prefix", "20 messages"];

    public static async Task RunAsync(IReadOnlyList<BenchmarkHome> homes, BenchmarkOptions options, Report report)
    {
        if (homes.Count < 2)
        {
            return;
        }

        Console.WriteLine("growth");
        var servers = homes.Select(ServerProcess.StartBenchmarkServer).ToList();
        var rounds = Names.ToDictionary(name => name, _ => homes.Select(_ => new List<LoadResult>()).ToList());
        try
        {
            await MeasureAsync();
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }

        var table = report.Table(
            "As the home grows",
            "Processor time of the server for one first request, in milliseconds, in homes of so many sessions.",
            ["endpoint", .. homes.Select(home => $"{home.Sessions:n0}"), "growth: at most", "growth: measured"]);
        foreach (var name in Names)
        {
            var cpu = rounds[name].Select(results => LoadResult.Sum(results).CpuMilliseconds).ToList();
            table.Add([name, .. cpu.Select(value => Cell.Number(value)), Cell.Number(1.5), Cell.Judged(cpu[^1] / cpu[0], 1.5)]);
        }

        async Task MeasureAsync()
        {
            for (var round = 0; round <= options.Rounds; round++)
            {
                // The sizes take turns, so that a machine that is busy for a while is so for all of them.
                for (var size = 0; size < homes.Count; size++)
                {
                    foreach (var endpoint in (await Endpoint.AllAsync(servers[size], homes[size])).Where(endpoint => Names.Contains(endpoint.Name)))
                    {
                        var result = await Wrk.RunAsync(servers[size], endpoint.First!, options.Seconds);
                        if (round > 0)
                        {
                            rounds[endpoint.Name][size].Add(result);
                        }
                    }
                }
            }
        }
    }
}
