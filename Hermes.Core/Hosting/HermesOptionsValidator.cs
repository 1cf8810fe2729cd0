using Hermes.Core.Chat;
using Hermes.Core.Configuration;
using Hermes.Core.Http.Security;
using Hermes.Core.IO;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Hosting;

/// <summary>Refuses options that cannot work, at start, with the line that mends each.</summary>
internal sealed class HermesOptionsValidator : IValidateOptions<HermesOptions>
{
    // A few sentences: a piece of the stream counts with 128 bytes and its text.
    private const long MinRunBytes = 16 * 1024;

    public ValidateOptionsResult Validate(string? name, HermesOptions options)
    {
        var failures = new List<string>();
        var chat = options.Chat;
        if (options.Api.Key is { Length: > 0 } key && !key.All(character => character is > ' ' and < '\x7f'))
            failures.Add("Hermes:Api:Key has spaces or characters that are not ASCII, which no Authorization header can carry. Choose letters and digits: openssl rand -hex 32");

        var homes = options.HomesInCode.Distinct(StringComparer.Ordinal).ToList();
        if (homes.Count > 1 && homes.Select(home => Path.TrimEndingDirectorySeparator(HermesHome.Resolve(home).Path)).Distinct(StringComparer.Ordinal).Skip(1).Any())
            failures.Add($"AddHermes was called with different homes: {string.Join(" and ", homes)}. An application serves one home: name it in one call");

        // What may not be read is for the answers to say.
        var home = HermesHome.Resolve(options.Home);
        if (FileErrors.Ignore(() => FileStatus.FindFolderFault(new FileSystem(), home.Path), otherwise: null) is { } fault)
        {
            // Whoever names state.db means its folder; nobody means the folder of a link or a pipe.
            var isFile = fault == "a file" && new FileInfo(home.Path) is { Exists: true, LinkTarget: null };
            failures.Add($"Hermes:Home is '{home}', which is {fault}, or lies below one. {(isFile ? $"Name the folder that it lies in: {Path.GetDirectoryName(home.Path)}" : "Name a folder")}");
        }

        foreach (var host in options.Api.AllowedHosts.Where(host => Uri.CheckHostName(host.Trim().Trim('[', ']')) is UriHostNameType.Unknown))
            failures.Add($"Hermes:Api:AllowedHosts has '{host}', which is no name of a host. Write the name alone, without scheme, port and *, as in hermes.lan");

        foreach (var origin in options.Api.CorsOrigins.Where(origin => origin != CrossOrigin.Any && CrossOrigin.Normalize(origin) is null))
            failures.Add($"Hermes:Api:CorsOrigins has '{origin}', which is no origin. Write scheme, host and port alone, as in https://ui.example or http://localhost:3000");

        foreach (var path in options.Api.ShownConfigKeys.Where(path => !KnownKeys.IsPath(path) || !SafeConfig.IsInSection(path)))
            failures.Add($"Hermes:Api:ShownConfigKeys has '{path}', which is no key of a section that GET /api/config shows. Write names with dots between, * for any name and [] for the elements of a list, as in display.theme.*");

        foreach (var origin in options.Api.ProviderOrigins.Where(origin => CrossOrigin.Normalize(origin) is null || ShownUrl.OriginOf(origin) is null))
            failures.Add($"Hermes:Api:ProviderOrigins has '{origin}', which is no origin of a provider. Write scheme, host and port alone, as in https://models.example");

        // A number has no name of an enumeration, and is taken by the configuration all the same.
        Check(Enum.IsDefined(options.Api.ListKeys), "Api:ListKeys is not Both, Items or Data");
        Check(Enum.IsDefined(chat.OnDisconnect), $"Chat:OnDisconnect is no word that it takes. Write {string.Join(" or ", Enum.GetNames<ChatDisconnect>())}");
        Check(IsWithinADay(chat.ShutdownGrace), "Chat:ShutdownGrace is not between 0 and one day. Write hours, minutes and seconds, as in 00:00:10");
        Check(IsWithinADay(chat.DisconnectGrace), "Chat:DisconnectGrace is not between 0 and one day. Write hours, minutes and seconds, as in 00:00:30");
        Check(IsWithinADay(chat.LeaseTimeout), "Chat:LeaseTimeout is not between 0 and one day. Write hours, minutes and seconds, as in 00:00:30");
        Check(chat.MaxConcurrentTurns is null or >= 1, "Chat:MaxConcurrentTurns is not a number above 0. Write for example 10, or leave it out for no limit");
        var isTimeout = IsWithinADay(chat.ModelTimeout) && chat.ModelTimeout >= TimeSpan.FromSeconds(1);
        Check(isTimeout, "Chat:ModelTimeout is not between 00:00:01 and one day. Write hours, minutes and seconds, as in 00:05:00");
        Check(chat.MaxAnswerLength >= 1, "Chat:MaxAnswerLength is less than 1 character. Write for example 4000000");
        Check(chat.MaxRunBytes >= MinRunBytes, $"Chat:MaxRunBytes is less than {MinRunBytes}, in which no answer has room. Write for example 16777216");
        var isSearchTime = IsWithinADay(options.Sessions.SearchTime) && options.Sessions.SearchTime > TimeSpan.Zero;
        Check(isSearchTime, "Sessions:SearchTime is not above 0 and at most one day. Write hours, minutes and seconds, as in 00:00:02");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(bool isFine, string failure)
        {
            if (!isFine)
                failures.Add($"Hermes:{failure}");
        }

        static bool IsWithinADay(TimeSpan time) => time >= TimeSpan.Zero && time <= TimeSpan.FromDays(1);
    }
}
