using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>Whether the same question costs the same in a larger home.</summary>
internal static class GrowthScenario
{
    private const double Bar = 1.5;
    private static readonly int[] Sizes = [10_000, 1_000_000];

    public static async Task RunAsync(BenchmarkOptions options, Report report)
    {
        Console.WriteLine("growth");
        var homes = Sizes.Select(sessions => BenchmarkHome.Get(sessions, messages: 1)).ToList();
        var copies = homes.Select(home => home.Copy()).ToList();
        var servers = copies.Select(copy => ServerProcess.StartBenchmarkServer(copy.Home)).ToList();
        try
        {
            var table = report.Table(
                "As the home grows",
                "Processor time of the server for one first request, in microseconds, in homes of so many sessions of one message. An offset counts what is before it, and is no part of this.",
                ["answer", .. homes.Select(home => $"{home.Sessions:n0}"), "growth: at most", "growth"]);
            var small = await Endpoint.AllAsync(servers[0], homes[0]);
            var large = await Endpoint.AllAsync(servers[1], homes[1]);
            foreach (var (before, after) in small.Zip(large).Where(pair => pair.First is { First: not null } endpoint && !endpoint.Name.Contains("offset", StringComparison.Ordinal)))
            {
                var (less, more) = (new List<LoadResult>(), new List<LoadResult>());
                for (var round = 0; round <= options.Rounds; round++)
                {
                    // The sizes take turns, so that a machine that is busy for a while is so for both.
                    var (one, other) = (await Wrk.RunAsync(servers[0], before.First!, options.Seconds), await Wrk.RunAsync(servers[1], after.First!, options.Seconds));
                    if (round > 0)
                    {
                        less.Add(one);
                        more.Add(other);
                    }
                }

                var (few, many) = (LoadResult.Sum(less).CpuMicroseconds, LoadResult.Sum(more).CpuMicroseconds);
                table.Add(before.Name, Cell.Number(few), Cell.Number(many), Cell.Number(Bar), Cell.Judged(many / few, Bar));
            }
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
            copies.ForEach(copy => copy.Dispose());
        }
    }
}
