using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>How soon the host answers, and what it takes when nobody asks.</summary>
internal static class StartScenario
{
    private const int Starts = 15;
    private const double Megabyte = 1 << 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(BenchmarkHome home, Report report)
    {
        Console.WriteLine("publishing the host");
        var jit = await HostBuild.PublishAsync();
        var (native, problem) = await HostBuild.PublishNativeAsync();
        HostBuild[] builds = native is null ? [jit] : [jit, native];
        Console.WriteLine("start");
        var table = report.Table(
            "Start and size of the host",
            $"From starting the process to the first 200 of `/health`, median of {Starts} starts; memory resident 3 s later."
            + (problem is null ? "" : $"\n\nNative AOT is left out: {problem}"),
            "", "first answer: at most, ms", "first answer, ms", "resident, MB", "published, MB");
        foreach (var build in builds)
        {
            var times = new List<double>();
            for (var start = 0; start <= Starts; start++)
            {
                // The first start reads the files from the disk.
                var time = await FirstAnswerAsync(build, home);
                if (start > 0)
                    times.Add(time.TotalMilliseconds);
            }

            times.Sort();
            var limit = build.Name == HostBuild.NativeAot ? 60.0 : 450.0;
            table.Add(build.Name, Cell.Number(limit), Cell.Judged(times[Starts / 2], limit), Cell.Number(await IdleMegabytesAsync(build, home)), Cell.Number(build.Bytes / Megabyte));
        }
    }

    private static async Task<TimeSpan> FirstAnswerAsync(HostBuild build, BenchmarkHome home)
    {
        var port = FreePort();
        var start = ServerProcess.HostCommand(build, home, port);
        start.RedirectStandardOutput = true;
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            while (!await AnswersAsync(port))
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(began) > Timeout)
                    throw new InvalidOperationException($"The host ({build.Name}) did not start");

                await Task.Delay(1);
            }

            return Stopwatch.GetElapsedTime(began);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray());
            var answer = new byte[12];
            var length = await socket.ReceiveAsync(answer);
            return answer.AsSpan(0, length).SequenceEqual("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<double> IdleMegabytesAsync(HostBuild build, BenchmarkHome home)
    {
        using var server = ServerProcess.StartHost(build, home);
        await server.Client.GetStringAsync("/health");
        await Task.Delay(TimeSpan.FromSeconds(3));
        return server.ResidentBytes / Megabyte;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
