using System.Globalization;
using System.Text.Json;
using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>The list while another process commits 20 times a second: how fast, and whether any answer is older than it may be.</summary>
internal static class WriterScenario
{
    private const string List = "/api/sessions";

    public static async Task RunAsync(BenchmarkHome kept, BenchmarkOptions options, Report report)
    {
        Console.WriteLine("list beside a writer");
        using var scratch = kept.Copy();
        using var server = ServerProcess.StartBenchmarkServer(scratch.Home);
        using var writer = Committer.Start(scratch.Home.Home);
        var length = (await server.Client.GetByteArrayAsync(List)).Length;
        var session = (await writer.StandardOutput.ReadLineAsync())!;
        using var watch = new StalenessWatch(server, writer.StandardOutput, session);
        var list = new List<LoadResult>();
        var still = new List<LoadResult>();
        for (var round = 0; round <= options.Rounds; round++)
        {
            var stillRound = await EndpointScenario.LoadAsync(server, new Requests($"/static/{length}"), options.Seconds);
            var listRound = await EndpointScenario.LoadAsync(server, new Requests(List), options.Seconds);
            if (round > 0)
            {
                still.Add(stillRound);
                list.Add(listRound);
            }
        }

        var (checks, stale) = await watch.EndAsync();
        writer.StandardInput.Close();
        await writer.WaitForExitAsync();
        Describe(report, LoadResult.Sum(list), LoadResult.Sum(still), checks, stale);
    }

    private static void Describe(Report report, LoadResult list, LoadResult still, int checks, int stale)
    {
        var table = report.Table(
            "Beside a writer of 20 commits a second",
            string.Create(CultureInfo.InvariantCulture, $"Meanwhile a client asked {checks} times for the list and knew the last commit before its request: {stale} answers were older than that."),
            "endpoint", "requests/s", "p50, ms", "p99, ms", "CPU/request, ms", "× static: at least", "× static: measured");
        var ratio = list.RequestsPerSecond / still.RequestsPerSecond;
        table.Add("list 50", Cell.Count(list.RequestsPerSecond), Cell.Number(list.Median.TotalMilliseconds), Cell.Number(list.P99.TotalMilliseconds),
            Cell.Number(list.CpuMilliseconds), Cell.Number(0.5), ratio >= 0.5 ? Cell.Number(ratio) : $"**{Cell.Number(ratio)}**");
        table.Add("static", Cell.Count(still.RequestsPerSecond), Cell.Number(still.Median.TotalMilliseconds), Cell.Number(still.P99.TotalMilliseconds),
            Cell.Number(still.CpuMilliseconds), "", "");
    }

    /// <summary>Reads what was committed last, asks for the list, and looks whether the answer knows of it.</summary>
    private sealed class StalenessWatch : IDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task<(int, int)> _watching;
        private long _committed;

        public StalenessWatch(ServerProcess server, StreamReader commits, string session)
        {
            _ = FollowAsync(commits);
            _watching = WatchAsync(server, session);
        }

        public async Task<(int Checks, int Stale)> EndAsync()
        {
            await _end.CancelAsync();
            return await _watching;
        }

        public void Dispose() => _end.Dispose();

        private async Task FollowAsync(StreamReader commits)
        {
            while (await commits.ReadLineAsync() is { } line)
            {
                Volatile.Write(ref _committed, long.Parse(line, CultureInfo.InvariantCulture));
            }
        }

        private async Task<(int, int)> WatchAsync(ServerProcess server, string session)
        {
            var (checks, stale) = (0, 0);
            while (!_end.IsCancellationRequested)
            {
                var committed = Volatile.Read(ref _committed);
                using var page = JsonDocument.Parse(await server.Client.GetByteArrayAsync(List));
                var shown = page.RootElement.GetProperty("items").EnumerateArray()
                    .First(item => item.GetProperty("id").ValueEquals(session)).GetProperty("message_count").GetInt64();
                checks++;
                stale += shown < committed ? 1 : 0;
                await Task.Delay(2);
            }

            return (checks, stale);
        }
    }
}
